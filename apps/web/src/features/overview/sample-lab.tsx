'use client'

import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { FlaskConical, X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'
import { failureOf } from '../../trpc/failure.ts'

export function AddSampleLab() {
  const trpc = useTRPC()
  const router = useRouter()
  const add = useMutation(
    trpc.machines.addSampleLab.mutationOptions({
      onSuccess: ({ machines }) => {
        toast.success(`Added ${machines.length} machines to try things on.`)
        router.refresh()
      },
      onError: (error) => toast.error(failureOf(error).message),
    }),
  )
  return (
    <Button size="sm" disabled={add.isPending} onClick={() => add.mutate()}>
      <FlaskConical aria-hidden /> Use the sample lab
    </Button>
  )
}

export function RemoveSampleLab() {
  const trpc = useTRPC()
  const router = useRouter()
  const remove = useMutation(
    trpc.machines.removeSampleLab.mutationOptions({
      onSuccess: ({ removedMachines, removedPlans }) => {
        const plans = removedPlans > 0 ? ` and ${removedPlans} plans on it` : ''
        toast.success(`Removed the sample lab, ${removedMachines} machines${plans}.`)
        router.refresh()
      },
      onError: (error) => toast.error(failureOf(error).message),
    }),
  )
  return (
    <Button variant="ghost" disabled={remove.isPending} onClick={() => remove.mutate()}>
      <X aria-hidden /> Remove the sample lab
    </Button>
  )
}
