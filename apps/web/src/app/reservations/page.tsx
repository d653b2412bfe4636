import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { CalendarRange, Plus } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { ReservationBoard } from '../../features/reservation/reservation-board.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Reservations' }

export default async function ReservationsPage() {
  const [machines, any] = await load((api) =>
    Promise.all([api.machines.list.query({ limit: 1000 }), api.reservations.list.query({ limit: 1 })]),
  )
  return (
    <Page
      wide
      title="Reservations"
      description="Memory that is promised to somebody for a time. A plan that is only saved holds nothing, and what is measured is another thing."
      actions={
        any.items.length > 0 && (
          <Button asChild variant="primary">
            <Link href={paths.newReservation()}>
              <Plus aria-hidden /> Reserve by hand
            </Link>
          </Button>
        )
      }
    >
      {any.items.length > 0 ? (
        <ReservationBoard machines={machines.items.map(({ id, name }) => ({ id, name }))} />
      ) : (
        <NoReservation />
      )}
    </Page>
  )
}

function NoReservation() {
  return (
    <EmptyState
      icon={<CalendarRange />}
      title="Nothing is reserved yet"
      actions={
        <>
          <Button asChild variant="primary">
            <Link href={paths.plan()}>Make a plan</Link>
          </Button>
          <Button asChild>
            <Link href={paths.newReservation()}>Reserve by hand</Link>
          </Button>
        </>
      }
    >
      <p>
        Make a plan, open the machine you want, and choose Reserve: what the plan needs of each GPU is then promised to
        its owner, and later plans find that much less.
      </p>
    </EmptyState>
  )
}
