import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { ReservationPage } from '../../trpc/types.ts'
import { writeReservationQuery } from './reservation-query.ts'
import { ReservationTable } from './reservation-table.tsx'

/** What a machine's page shows at first. */
export const SHOWN_RESERVATIONS = 5

/** What is promised of one machine, now and later. */
export function MachineReservations({
  machineId,
  page: { items, nextCursor },
}: {
  readonly machineId: string
  readonly page: ReservationPage
}) {
  const board = paths.reservations(writeReservationQuery({ machine: machineId }))
  return (
    <Card aria-label="Reservations">
      <CardHeader
        title="Reservations"
        description="What is promised of it, now and later. A plan that is only saved holds nothing."
        actions={
          <>
            <Button asChild size="sm">
              <Link href={board}>Timeline</Link>
            </Button>
            <Button asChild size="sm">
              <Link href={paths.newReservation(machineId)}>Reserve by hand</Link>
            </Button>
          </>
        }
      />
      {items.length === 0 ? (
        <CardBody>
          <p className="text-sm text-secondary">Nothing is reserved on it.</p>
        </CardBody>
      ) : (
        <div className="pb-2 pt-2">
          <ReservationTable reservations={items} machine={false} />
          {nextCursor !== null && (
            <p className="px-4 pt-2 pb-1 text-xs sm:px-5">
              <Link href={board} className="rounded-sm text-accent hover:underline">
                All of them
              </Link>
            </p>
          )}
        </div>
      )}
    </Card>
  )
}
