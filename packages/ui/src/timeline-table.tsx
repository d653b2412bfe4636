import { formatBytes } from '@berth/core'
import { ByteFigure } from './byte-figure.tsx'
import { placeBars } from './geometry/timeline.ts'
import { ReservationBadge } from './reservation-state.tsx'
import type { ReservationTimelineProps, TimelinePlace } from './reservation-timeline.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from './table.tsx'
import { windowWords } from './time-words.ts'

/** The bars of a timeline in words, a row a reservation and place. */
export function TimelineTable({
  machines,
  span,
  Link = 'a',
}: Pick<ReservationTimelineProps, 'machines' | 'span' | 'Link'>) {
  const rows = machines.flatMap((machine) =>
    machine.places.flatMap((place) => placeBars(place.bars, span).map(({ bar }) => ({ machine, place, bar }))),
  )
  return (
    <Table label="Reservations by place" cards flush>
      <TableHead>
        <TableRow>
          <TableHeading>Reservation</TableHeading>
          <TableHeading>Place</TableHeading>
          <TableHeading numeric>Reserved</TableHeading>
          <TableHeading>State</TableHeading>
          <TableHeading>From, until</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map(({ machine, place, bar }) => (
          <TableRow key={`${machine.id} ${place.key} ${bar.key}`}>
            <TableRowHeading>
              <Link href={bar.href} className="break-words rounded-sm hover:underline">
                {bar.purpose}
              </Link>
            </TableRowHeading>
            <TableCell data-label="Place">
              {machine.name}, {place.name}
            </TableCell>
            <TableCell data-label="Reserved" numeric>
              <span>
                <ByteFigure bytes={bar.bytes} focusable={false} />
                {ofWords(place)}
              </span>
            </TableCell>
            <TableCell data-label="State">
              <ReservationBadge state={bar.state} />
            </TableCell>
            <TableCell data-label="From, until" className="tabular-nums">
              {windowWords(bar.startsAt, bar.endsAt)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

const ofWords = ({ capacity }: TimelinePlace): string => (capacity === undefined ? '' : ` of ${formatBytes(capacity)}`)
