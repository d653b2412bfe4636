'use client'

import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { ReservationTimeline } from '@berth/ui/reservation-timeline'
import { Skeleton } from '@berth/ui/skeleton'
import type { TimeSpan } from '@berth/ui/time-axis'
import { zoneWords } from '@berth/ui/time-words'
import { TimelineLegend } from '@berth/ui/timeline-legend'
import { TimelineTable } from '@berth/ui/timeline-table'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { useNow } from '../shell/when.tsx'
import { ReservationList } from './reservation-list.tsx'
import { reservationParsers, type ReservationQuery, shownSpan } from './reservation-query.ts'
import { SpanBar, SubjectBar } from './reservation-toolbar.tsx'
import { timelineOf } from './timeline-view.ts'
import { useTimeline } from './use-reservations.ts'

export interface ReservationBoardProps {
  readonly machines: readonly { readonly id: string; readonly name: string }[]
}

/** What is reserved, over time and as a list, as the address says it. */
export function ReservationBoard(props: ReservationBoardProps) {
  const now = useNow()
  // Days are the reader's, whom only the browser knows.
  return now === undefined ? <Skeleton className="h-96" /> : <Board {...props} now={now} />
}

function Board({ machines, now }: ReservationBoardProps & { readonly now: number }) {
  const [query, setQuery] = useQueryStates(reservationParsers, { history: 'replace' })
  const span = shownSpan(query, now)
  const timeline = useTimeline(span, query.machine)
  const owners = new Set(
    timeline.data?.machines.flatMap(({ places }) =>
      places.flatMap(({ bars }) => bars.map(({ reservation }) => reservation.owner)),
    ),
  )
  const change = (next: Partial<ReservationQuery>) => void setQuery(next)
  return (
    <>
      <SubjectBar query={query} machines={machines} owners={[...owners].toSorted()} onChange={change} />
      <Card aria-label="Timeline">
        <CardHeader
          title="Timeline"
          description={`What reservations hold of each GPU. Times are on your clock: ${zoneWords(now)}.`}
        />
        <CardBody className="grid gap-4">
          <SpanBar query={query} span={span} now={now} onChange={change} />
          {timeline.error && <FailureCallout title="The timeline could not be loaded." error={timeline.error} />}
          {timeline.data ? (
            <Drawn view={timeline} query={query} span={span} now={now} />
          ) : (
            !timeline.error && <Skeleton className="h-60" />
          )}
        </CardBody>
      </Card>
      <ReservationList query={query} span={span} onChange={change} />
    </>
  )
}

function Drawn({
  view: { data, isPlaceholderData },
  query: { zoom, owner, machine },
  span,
  now,
}: {
  readonly view: ReturnType<typeof useTimeline>
  readonly query: ReservationQuery
  readonly span: TimeSpan
  readonly now: number
}) {
  const machines = data ? timelineOf(data, { owner }) : []
  if (machines.length === 0) {
    return (
      <p className="rounded-md bg-sunken px-4 py-6 text-center text-secondary">
        {machine === null ? 'Nothing is reserved on any machine in this time.' : 'Nothing is known of this machine.'}
      </p>
    )
  }
  return (
    <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'grid gap-4 opacity-60' : 'grid gap-4'}>
      <TimelineLegend />
      {owner !== null && (
        <p className="text-xs text-secondary">Bars are those of {owner} alone; the outlines are of all.</p>
      )}
      <ReservationTimeline machines={machines} zoom={zoom} span={span} now={now} Link={Link} />
      <details>
        <summary className="w-fit rounded-sm text-xs text-secondary hover:text-ink">The same as a table</summary>
        <div className="pt-2">
          <TimelineTable machines={machines} span={span} Link={Link} />
        </div>
      </details>
    </div>
  )
}
