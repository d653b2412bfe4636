import type { MachineId } from '@berth/core'
import type { Queries } from '../db.ts'
import { findMachines } from './repository.ts'
import type { MachineView } from './schema.ts'

/** The machines that these stand on, in maintenance or not. */
export async function machinesById(
  db: Queries,
  teamId: string,
  on: readonly { readonly machineId: MachineId }[],
): Promise<ReadonlyMap<MachineId, MachineView>> {
  const ids = [...new Set(on.map(({ machineId }) => machineId))]
  const machines = ids.length === 0 ? [] : await findMachines(db, teamId, { ids, limit: ids.length })
  return new Map(machines.map((machine) => [machine.id, machine]))
}
