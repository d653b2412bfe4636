import type { Metadata } from 'next'
import { cache } from 'react'
import { ReservationDrift } from '../../../features/drift/reservation-drift.tsx'
import { MachineTimeline } from '../../../features/reservation/machine-timeline.tsx'
import { ReservationActions } from '../../../features/reservation/reservation-actions.tsx'
import { ReservationDetail } from '../../../features/reservation/reservation-detail.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'
import { load } from '../../../trpc/server.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

const reservationOf = cache((id: string) => load((api) => api.reservations.get.query({ id })))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await reservationOf((await params).id)).purpose }
}

export default async function ReservationPage({ params }: Props) {
  const reservation = await reservationOf((await params).id)
  const { purpose, owner, machine } = reservation
  return (
    <Page
      title={purpose}
      description={`Reserved on ${machine.name} for ${owner}`}
      crumbs={[{ label: 'Reservations', href: paths.reservations() }]}
      actions={<ReservationActions key={reservation.revision} reservation={reservation} />}
    >
      <ReservationDrift reservation={reservation} />
      <ReservationDetail reservation={reservation} />
      <MachineTimeline reservation={reservation} />
    </Page>
  )
}
