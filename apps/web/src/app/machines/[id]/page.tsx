import { isLive, machineId, reservationStates } from '@berth/core'
import { Button } from '@berth/ui/button'
import type { Metadata } from 'next'
import Link from 'next/link'
import { cache } from 'react'
import { MachineHistory, RECENT_CHANGES } from '../../../features/history/machine-history.tsx'
import { DriftedCallout, SHOWN_DRIFTED } from '../../../features/drift/drifted-callout.tsx'
import { CloneMachine } from '../../../features/machine/clone-machine.tsx'
import { EditStanding } from '../../../features/machine/edit-standing.tsx'
import { RemoveMachine, RenameMachine } from '../../../features/machine/machine-actions.tsx'
import { MachineDetailView } from '../../../features/machine/machine-detail.tsx'
import { MaintainMachine } from '../../../features/machine/maintain-machine.tsx'
import { plannerPathFor } from '../../../features/plan/planner-path.ts'
import { devicesSummary } from '../../../features/plan/verdict-view.ts'
import { MachineReservations, SHOWN_RESERVATIONS } from '../../../features/reservation/machine-reservations.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'
import { load } from '../../../trpc/server.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

/** One question to the API for the title and the page together. */
const machineOf = cache((id: string) => load((api) => api.machines.get.query({ id })))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await machineOf((await params).id)).name }
}

const live = reservationStates.filter(isLive)

export default async function MachinePage({ params }: Props) {
  const { id } = await params
  const [machine, memory, drifted, reservations, history] = await Promise.all([
    machineOf(id),
    load((api) => api.machines.memory.query({ id })),
    load((api) => api.drift.list.query({ machineId: id, limit: SHOWN_DRIFTED })),
    load((api) =>
      api.reservations.list.query({ machineId: [machineId(id)], state: [...live], limit: SHOWN_RESERVATIONS }),
    ),
    load((api) => api.history.ofMachine.query({ id, limit: RECENT_CHANGES })),
  ])
  return (
    <Page
      title={machine.name}
      description={devicesSummary(machine) || 'No GPU'}
      crumbs={[{ label: 'Machines', href: paths.machines() }]}
      actions={
        <>
          <Button asChild variant="primary">
            <Link href={plannerPathFor({ machine: machine.id })}>Plan on it</Link>
          </Button>
          <RenameMachine key={machine.name} machine={machine} />
          <CloneMachine key={`clone ${machine.name}`} machine={machine} />
          <EditStanding machine={machine} />
          <MaintainMachine machine={machine} />
          <RemoveMachine machine={machine} />
        </>
      }
    >
      <DriftedCallout drifted={drifted} />
      <MachineDetailView machine={machine} memory={memory} />
      <MachineReservations machineId={machine.id} page={reservations} />
      <MachineHistory machineId={machine.id} first={history} />
    </Page>
  )
}
