'use client'

import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { failureOf } from '../../trpc/failure.ts'
import type { PlanDetail } from '../../trpc/types.ts'

/** A plan is its inputs: what is removed is put back by saving them again, so nothing is asked first. */
export function RemovePlan({ plan }: { readonly plan: PlanDetail }) {
  const trpc = useTRPC()
  const router = useRouter()
  const failed = (error: unknown) => toast.error(failureOf(error).message)
  const restore = useMutation(
    trpc.plans.save.mutationOptions({
      onSuccess: ({ id }) => {
        router.push(paths.savedPlan(id))
        router.refresh()
      },
      onError: failed,
    }),
  )
  const remove = useMutation(
    trpc.plans.remove.mutationOptions({
      onSuccess: () => {
        const { name, model, machineId, engine, request } = plan
        toast.success(`Removed ${name}.`, {
          duration: 10_000,
          action: { label: 'Undo', onClick: () => restore.mutate({ name, model, machineId, engine, request }) },
        })
        router.push(paths.plans())
        router.refresh()
      },
      onError: failed,
    }),
  )
  return (
    <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate({ id: plan.id })}>
      <Trash2 aria-hidden /> Remove
    </Button>
  )
}
