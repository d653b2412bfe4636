'use client'

import { isLive } from '@berth/core'
import { Button } from '@berth/ui/button'
import type { ReservationView } from '../../trpc/types.ts'
import { ExtendReservation } from './extend-reservation.tsx'
import { MoveReservation } from './move-reservation.tsx'
import { ReleaseReservation } from './release-reservation.tsx'

const actions = ['Extend', 'Move', 'Release'] as const

/** What can be done with a reservation; with one that is over nothing can. */
export function ReservationActions({ reservation }: { readonly reservation: ReservationView }) {
  if (!isLive(reservation.state)) {
    const reason = `It is ${reservation.state} and stays as it was. Reserve anew instead.`
    return actions.map((action) => (
      <Button key={action} disabledReason={reason}>
        {action}
      </Button>
    ))
  }
  return (
    <>
      <ExtendReservation reservation={reservation} />
      <MoveReservation reservation={reservation} />
      <ReleaseReservation reservation={reservation} />
    </>
  )
}
