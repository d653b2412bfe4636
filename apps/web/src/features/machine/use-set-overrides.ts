'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'

/** Sets figures of a machine, or lets what was read stand again; the page then shows what holds. */
export function useSetOverrides(onDone: () => void) {
  const trpc = useTRPC()
  const router = useRouter()
  return useMutation(
    trpc.machines.setOverrides.mutationOptions({
      onSuccess: (_, { set = [] }) => {
        toast.success(set.length > 0 ? 'Plans go by the figure that was set.' : 'What was read stands again.')
        onDone()
        router.refresh()
      },
    }),
  )
}
