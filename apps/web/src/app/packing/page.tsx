import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Server } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { StaleMachines } from '../../features/machine/freshness.tsx'
import { Packer } from '../../features/packing/packer.tsx'
import { catalogueChoice, storedChoice } from '../../features/plan/choices.ts'
import { InMaintenance } from '../../features/plan/in-maintenance.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Packing' }

export default async function PackingPage() {
  const [machines, stored, catalogue] = await load((api) =>
    Promise.all([
      api.machines.list.query({ limit: 1000 }),
      api.models.list.query({ limit: 1000 }),
      api.catalogue.models.query(),
    ]),
  )
  const planned = machines.items.filter(({ maintenance }) => maintenance === null)
  const choices = [...stored.items.map(storedChoice), ...catalogue.items.map(catalogueChoice)]
  return (
    <Page
      wide
      title="Packing"
      description="Choose models and how often each is to run; see where they go together, beside what runs already."
    >
      <InMaintenance machines={machines.items.filter(({ maintenance }) => maintenance !== null)} named={undefined} />
      <StaleMachines machines={planned} />
      {planned.length > 0 ? (
        <Packer choices={choices} machines={planned.map(({ id, name }) => ({ id, name }))} />
      ) : (
        <EmptyState
          icon={<Server />}
          title="No machine to pack on"
          actions={
            <Button asChild variant="primary">
              <Link href={paths.machinesImport()}>Register machines</Link>
            </Button>
          }
        >
          <p>Register machines first, or take one out of maintenance.</p>
        </EmptyState>
      )}
    </Page>
  )
}
