import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Server } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { ReserveByHand } from '../../../features/reservation/reserve-by-hand.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'
import { load } from '../../../trpc/server.ts'

export const metadata: Metadata = { title: 'Reserve by hand' }

interface Props {
  readonly searchParams: Promise<{ readonly machine?: string | readonly string[] }>
}

export default async function NewReservationPage({ searchParams }: Props) {
  const { machine } = await searchParams
  const { items } = await load((api) => api.machines.list.query({ limit: 1000 }))
  return (
    <Page
      title="Reserve by hand"
      description="For what no plan of Berth tells: an engine it does not know, a training run, a desktop. A plan reserves by itself what it needs."
      crumbs={[{ label: 'Reservations', href: paths.reservations() }]}
    >
      {items.length > 0 ? (
        <ReserveByHand key={String(machine)} machines={items} first={items.find(({ id }) => id === machine)?.id} />
      ) : (
        <EmptyState
          icon={<Server />}
          title="No machine yet"
          actions={
            <Button asChild variant="primary">
              <Link href={paths.machinesImport()}>Add a machine</Link>
            </Button>
          }
        >
          <p>There is nothing to reserve memory of until a machine is known.</p>
        </EmptyState>
      )}
    </Page>
  )
}
