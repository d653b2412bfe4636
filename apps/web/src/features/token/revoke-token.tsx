'use client'

import { Button } from '@berth/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { TokenView } from '../../trpc/types.ts'

/** Asks first: machines that report by it stop, and nothing tells them. */
export function RevokeToken({ token: { id, name } }: { readonly token: Pick<TokenView, 'id' | 'name'> }) {
  const trpc = useTRPC()
  const router = useRouter()
  const revoke = useMutation(
    trpc.tokens.remove.mutationOptions({
      onSuccess: () => {
        toast.success(`Revoked ${name}.`)
        router.refresh()
      },
    }),
  )
  return (
    <Dialog onOpenChange={() => revoke.reset()}>
      <DialogTrigger asChild>
        <Button size="sm" variant="danger" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`Revoke ${name}?`}
        description="Machines that report by it are refused from now on, and their figures go stale. The machines stay."
      >
        <div className="grid gap-4">
          {revoke.error && <FailureCallout title="It was not revoked." error={revoke.error} />}
          <div className="flex flex-wrap gap-2">
            <Button variant="danger" disabled={revoke.isPending} onClick={() => revoke.mutate({ id })}>
              Revoke
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
