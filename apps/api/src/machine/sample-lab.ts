import { sampleLab } from '@berth/catalogue'
import type { Queries } from '../db.ts'
import type { By } from '../history/by.ts'
import { removePlansOn } from '../plan/repository.ts'
import { removeReservationsOn } from '../reservation/repository.ts'
import { holdMachines } from '../reserved-memory/repository.ts'
import { createMachine, findMachines, machineNames, removeMachine, sampleMachineIds } from './repository.ts'
import type { MachineView } from './schema.ts'

/** Adds the machines of the lab that are not there; one whose name is taken gets a number. */
export async function addSampleLab(
  db: Queries,
  { teamId, by }: { readonly teamId: string; readonly by: By },
): Promise<{ machines: readonly MachineView[] }> {
  const ids = await sampleMachineIds(db, teamId)
  if (ids.length > 0) return { machines: await findMachines(db, teamId, { ids, limit: ids.length }) }
  const names = new Set(await machineNames(db, teamId))
  const machines = []
  for (const machine of sampleLab()) {
    const name = freeName(machine.name, names)
    names.add(name)
    const made = { machine: { ...machine, name }, sample: true, from: 'sample lab' }
    machines.push(await createMachine(db, { teamId, by }, made))
  }
  return { machines }
}

export async function removeSampleLab(
  db: Queries,
  { teamId, by }: { readonly teamId: string; readonly by: By },
): Promise<{ removedMachines: number; removedPlans: number }> {
  const ids = await sampleMachineIds(db, teamId)
  await holdMachines(db, teamId, ids)
  await removeReservationsOn(db, teamId, ids)
  const removedPlans = await removePlansOn(db, teamId, { machineIds: ids })
  for (const id of ids) await removeMachine(db, { teamId, id, by })
  return { removedMachines: ids.length, removedPlans }
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 2, name = wanted; ; number++) {
    if (!taken.has(name)) return name
    name = `${wanted} ${number}`
  }
}
