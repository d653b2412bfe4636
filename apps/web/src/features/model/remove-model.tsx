'use client'

import { Button } from '@berth/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ModelDetail } from '../../trpc/types.ts'

/** Plans with the model go with it only when that is asked for. */
export function RemoveModel({ model }: { readonly model: Pick<ModelDetail, 'id' | 'name'> }) {
  const trpc = useTRPC()
  const router = useRouter()
  const remove = useMutation(
    trpc.models.remove.mutationOptions({
      onSuccess: () => {
        toast.success(`Removed ${model.name}.`)
        router.push(paths.models())
        router.refresh()
      },
    }),
  )
  const inUse = remove.error?.data?.problem.code === 'in-use'
  return (
    <Dialog onOpenChange={() => remove.reset()}>
      <DialogTrigger asChild>
        <Button variant="danger">
          <Trash2 aria-hidden /> Remove
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`Remove ${model.name}?`}
        description="Only what Berth keeps of it goes, its header. The model’s file stays where it is."
      >
        <div className="grid gap-4">
          {remove.error && <FailureCallout title="It was not removed." error={remove.error} />}
          <div className="flex flex-wrap gap-2">
            <Button
              variant="danger"
              disabled={remove.isPending}
              onClick={() => remove.mutate({ id: model.id, ...(inUse ? { withPlans: true } : {}) })}
            >
              {inUse ? 'Remove it and its plans' : 'Remove'}
            </Button>
            <DialogClose asChild>
              <Button variant="ghost">Keep it</Button>
            </DialogClose>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  )
}
