'use client'

import { machineId } from '@berth/core'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { TimeSpan } from '@berth/ui/time-axis'
import { useTRPC } from '../../trpc/client.tsx'
import { type ReservationQuery, statesOf } from './reservation-query.ts'

/** Others reserve meanwhile: what is shown is asked for again at this pace. */
const REFRESH_MS = 60_000

const PAGE = 50

const isoOf = ({ from, to }: TimeSpan) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })

/** What is reserved over a span, of one machine or of all that have something reserved in it. */
export function useTimeline(span: TimeSpan, machine: string | null) {
  const trpc = useTRPC()
  return useQuery({
    ...trpc.reservations.timeline.queryOptions({
      ...isoOf(span),
      ...(machine !== null && { machineIds: [machineId(machine)] }),
    }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
}

/** The reservations that an address asks for, a page at a time. */
export function useReservationList({ machine, owner, state, within }: ReservationQuery, span: TimeSpan) {
  const trpc = useTRPC()
  const states = statesOf(state)
  return useInfiniteQuery({
    ...trpc.reservations.list.infiniteQueryOptions(
      {
        limit: PAGE,
        ...(machine !== null && { machineId: [machineId(machine)] }),
        ...(owner !== null && { owner: [owner] }),
        ...(states && { state: [...states] }),
        ...(within && isoOf(span)),
      },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
}
