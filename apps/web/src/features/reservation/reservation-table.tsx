import { bytes, sumBytes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { ReservationBadge } from '@berth/ui/reservation-state'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { DriftBadge } from '../drift/drift-badge.tsx'
import { paths } from '../../paths.ts'
import type { ReservationView } from '../../trpc/types.ts'
import { Moment } from './moment.tsx'

/** Reservations, a row each. On a machine's own page its name is not repeated. */
export function ReservationTable({
  reservations,
  machine = true,
}: {
  readonly reservations: readonly ReservationView[]
  readonly machine?: boolean
}) {
  return (
    <Table label="Reservations" cards>
      <TableHead>
        <TableRow>
          <TableHeading>Purpose</TableHeading>
          <TableHeading>State</TableHeading>
          <TableHeading>Owner</TableHeading>
          {machine && <TableHeading>Machine</TableHeading>}
          <TableHeading numeric>Reserved</TableHeading>
          <TableHeading>From</TableHeading>
          <TableHeading>Until</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {reservations.map((reservation) => (
          <TableRow key={reservation.id} className="relative hover:bg-hover">
            <TableRowHeading>
              <Link
                href={paths.reservation(reservation.id)}
                className="break-words rounded-sm after:absolute after:inset-0 hover:underline"
              >
                {reservation.purpose}
              </Link>
            </TableRowHeading>
            <TableCell data-label="State">
              <span className="flex flex-wrap gap-1.5">
                <ReservationBadge state={reservation.state} />
                <DriftBadge drift={reservation.drift} />
              </span>
            </TableCell>
            <TableCell data-label="Owner">{reservation.owner}</TableCell>
            {machine && <TableCell data-label="Machine">{reservation.machine.name}</TableCell>}
            <TableCell data-label="Reserved" numeric>
              <Held reservation={reservation} />
            </TableCell>
            <TableCell data-label="From" className="text-secondary">
              <Moment time={reservation.startsAt} />
            </TableCell>
            <TableCell data-label="Until" className="text-secondary">
              <EndOf reservation={reservation} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

/** All it holds, and of how many places. */
function Held({ reservation: { memory } }: { readonly reservation: ReservationView }) {
  return (
    <span className="whitespace-nowrap">
      <ByteFigure bytes={sumBytes(memory.map(({ bytes: size }) => bytes(size)))} focusable={false} />
      {memory.length > 1 && <span className="text-secondary"> on {memory.length} places</span>}
    </span>
  )
}

/** When it was given back, or when it ends. */
export function EndOf({ reservation: { endsAt, releasedAt } }: { readonly reservation: ReservationView }) {
  if (releasedAt !== null) return <Moment time={releasedAt} />
  return endsAt === null ? <span className="whitespace-nowrap">open-ended</span> : <Moment time={endsAt} />
}
