'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { ReservationDryRun } from '../../trpc/types.ts'
import { useSettled } from './use-settled.ts'

/**
 * What a reservation, or a move of one, would come to as things stand: asked again whenever the question changes. No
 * question is asked while there is none.
 */
export function useDryRun<Question>(
  question: Question | undefined,
  ask: (client: ReturnType<typeof useTRPCClient>, question: Question) => Promise<ReservationDryRun>,
) {
  const client = useTRPCClient()
  const asked = useSettled(question)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['reservation dry run', asked],
    queryFn: () => ask(client, asked!),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
    // Others reserve meanwhile.
    staleTime: 0,
    gcTime: 0,
  })
  return {
    answer: asked === undefined ? undefined : data,
    error: asked === undefined ? null : error,
    // Until the answer is to what is asked now.
    pending: isFetching || JSON.stringify(asked) !== JSON.stringify(question),
    again: refetch,
  }
}

/** Why what was asked cannot be done; undefined when it can. */
export function refusalOfDryRun({
  answer,
  pending,
}: Pick<ReturnType<typeof useDryRun>, 'answer' | 'pending'>): string | undefined {
  if (pending || answer === undefined) return 'Wait until it is known whether it fits.'
  return answer.allowed ? undefined : 'It does not fit.'
}
