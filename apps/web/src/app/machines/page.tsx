import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Plus, Server } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { FleetList } from '../../features/fleet/fleet-list.tsx'
import { CommandList } from '../../features/machine/command-list.tsx'
import { AddSampleLab, RemoveSampleLab } from '../../features/overview/sample-lab.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Machines' }

export default async function MachinesPage() {
  const [{ items, nextCursor }, views] = await load((api) =>
    Promise.all([api.machines.list.query({ limit: 1000 }), api.views.list.query({ list: 'machines' })]),
  )
  return (
    <Page
      wide
      title="Machines"
      actions={
        items.length > 0 && (
          <>
            {items.some((machine) => machine.sample) && <RemoveSampleLab />}
            <Button asChild variant="primary">
              <Link href={paths.machinesImport()}>
                <Plus aria-hidden /> Add a machine
              </Link>
            </Button>
          </>
        )
      }
    >
      {items.length > 0 ? (
        <FleetList machines={items} more={nextCursor !== null} views={views.items} />
      ) : (
        <NoMachines />
      )}
    </Page>
  )
}

function NoMachines() {
  return (
    <EmptyState
      icon={<Server />}
      title="No machine yet"
      actions={
        <>
          <Button asChild variant="primary">
            <Link href={paths.machinesImport()}>Paste the output</Link>
          </Button>
          <Button asChild>
            <Link href={paths.machineByScript()}>Run a script on it</Link>
          </Button>
          <Button asChild>
            <Link href={paths.machineFromCatalogue()}>Choose GPUs of the catalogue</Link>
          </Button>
          <AddSampleLab />
        </>
      }
    >
      <p>Run one of these on the machine, then paste what it prints. They only read.</p>
      <CommandList />
    </EmptyState>
  )
}
