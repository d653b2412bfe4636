'use client'

import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { ReservationTimeline } from '@berth/ui/reservation-timeline'
import { Skeleton } from '@berth/ui/skeleton'
import { spanTitle } from '@berth/ui/time-axis'
import { TimelineLegend } from '@berth/ui/timeline-legend'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ReservationView } from '../../trpc/types.ts'
import { useNow } from '../shell/when.tsx'
import { dayInput, shownSpan, writeReservationQuery } from './reservation-query.ts'
import { timelineOf } from './timeline-view.ts'
import { useTimeline } from './use-reservations.ts'

/** A reservation among the others of its machine, in the week from its start or around now. */
export function MachineTimeline({ reservation }: { readonly reservation: ReservationView }) {
  const now = useNow()
  return now === undefined ? <Skeleton className="h-60" /> : <Around reservation={reservation} now={now} />
}

function Around({ reservation, now }: { readonly reservation: ReservationView; readonly now: number }) {
  const { id, state, startsAt, machine } = reservation
  const day = state === 'active' ? null : dayInput(Date.parse(startsAt))
  const span = shownSpan({ zoom: 'week', day }, now)
  const { data, error } = useTimeline(span, machine.id)
  return (
    <Card aria-label="Timeline around it">
      <CardHeader
        title={`Beside the others, ${spanTitle('week', span)}`}
        actions={
          <Button asChild size="sm">
            <Link href={paths.reservations(writeReservationQuery({ machine: machine.id, day }))}>Timeline</Link>
          </Button>
        }
      />
      <CardBody className="grid gap-4">
        {error && <FailureCallout title="The timeline could not be loaded." error={error} />}
        {data && (
          <>
            <TimelineLegend />
            <ReservationTimeline
              machines={timelineOf(data, { current: id })}
              zoom="week"
              span={span}
              now={now}
              Link={Link}
            />
          </>
        )}
        {!data && !error && <Skeleton className="h-40" />}
      </CardBody>
    </Card>
  )
}
