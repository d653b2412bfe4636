import { driftSeverities, type DriftSeverity, type Inventory, type MachineId, type MachineToday } from '@berth/core'
import type { z } from 'zod'
import type { Queries } from '../db.ts'
import { machinesById } from '../machine/by-id.ts'
import { snapshotsOfPlans } from '../plan/repository.ts'
import { everyLive } from '../reservation/repository.ts'
import { flagOf, promiseFlagOf } from './flag.ts'
import type { DriftFlag, DriftKind, listDriftInput, listDriftOutput } from './schema.ts'

/** What relied on a machine. */
interface Relying {
  readonly kind: DriftKind
  readonly id: string
  readonly name: string
  readonly machineId: MachineId
  readonly inventory: Inventory | undefined
}

const flags = { plan: flagOf, reservation: promiseFlagOf } as const satisfies Record<
  DriftKind,
  (inventory: Inventory | undefined, now: MachineToday | undefined) => DriftFlag
>

/** Everything whose machine is another than when it was made, the worst first. */
export async function listDrift(
  db: Queries,
  teamId: string,
  { machineId, limit }: z.output<typeof listDriftInput>,
): Promise<z.output<typeof listDriftOutput>> {
  const relying = [...(await reservations(db, teamId, machineId)), ...(await plans(db, teamId, machineId))]
  const machines = await machinesById(db, teamId, relying)
  const drifted = relying.flatMap(({ kind, id, name, machineId: on, inventory }) => {
    const machine = machines.get(on)
    const flag = flags[kind](inventory, machine)
    return flag && machine ? [{ kind, id, name, machine: { id: on, name: machine.name }, ...flag }] : []
  })
  const count = (kind: DriftKind, severity: DriftSeverity): number =>
    drifted.filter((one) => one.kind === kind && one.severity === severity).length
  const countsOf = (kind: DriftKind) =>
    Object.fromEntries(driftSeverities.map((severity) => [severity, count(kind, severity)])) as Record<
      DriftSeverity,
      number
    >
  return {
    items: driftSeverities.flatMap((severity) => drifted.filter((one) => one.severity === severity)).slice(0, limit),
    counts: { plan: countsOf('plan'), reservation: countsOf('reservation') },
  }
}

async function plans(db: Queries, teamId: string, on: string | undefined): Promise<readonly Relying[]> {
  const found = await snapshotsOfPlans(db, teamId, on)
  return found.map(({ id, name, machineId, snapshot: { inventory } }) => ({
    ...{ kind: 'plan', id, name, machineId, inventory },
  }))
}

async function reservations(db: Queries, teamId: string, on: string | undefined): Promise<readonly Relying[]> {
  const found = await everyLive(db, teamId, { now: new Date(), ...(on !== undefined && { machineId: [on] }) })
  return found.map(({ id, purpose: name, machine, reservedFor: { inventory } }) => ({
    ...{ kind: 'reservation', id, name, machineId: machine.id, inventory },
  }))
}
