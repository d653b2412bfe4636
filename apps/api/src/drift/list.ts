import { driftSeverities } from '@berth/core'
import type { z } from 'zod'
import type { Queries } from '../db.ts'
import { machinesById } from '../machine/by-id.ts'
import { snapshotsOfPlans } from '../plan/repository.ts'
import { flagOf } from './flag.ts'
import type { listDriftInput, listDriftOutput } from './schema.ts'

/** Everything whose machine is another than when it was made, the worst first. */
export async function listDrift(
  db: Queries,
  teamId: string,
  { machineId, limit }: z.output<typeof listDriftInput>,
): Promise<z.output<typeof listDriftOutput>> {
  const plans = await snapshotsOfPlans(db, teamId, machineId)
  const machines = await machinesById(db, teamId, plans)
  const drifted = plans.flatMap(({ id, name, machineId: on, snapshot }) => {
    const machine = machines.get(on)
    const flag = flagOf(snapshot.inventory, machine)
    return flag && machine
      ? [{ kind: 'plan' as const, id, name, machine: { id: on, name: machine.name }, ...flag }]
      : []
  })
  const of = (severity: (typeof driftSeverities)[number]) => drifted.filter((one) => one.severity === severity)
  const bySeverity = driftSeverities.map((severity) => [severity, of(severity)] as const)
  return {
    items: bySeverity.flatMap(([, found]) => found).slice(0, limit),
    counts: Object.fromEntries(bySeverity.map(([severity, found]) => [severity, found.length])) as Record<
      (typeof driftSeverities)[number],
      number
    >,
  }
}
