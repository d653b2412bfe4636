import type { Queries } from '../db.ts'
import { ApiError, notFound } from '../errors.ts'
import { findMachines } from '../machine/repository.ts'
import type { MachineView } from '../machine/schema.ts'
import { MAX_MACHINES } from './schema.ts'

/**
 * The machines of these ids, in maintenance or not, or all of the team that are not.
 *
 * @throws {ApiError} `not-found` for an id that is not there, `limit-exceeded` when all are too many for one call.
 */
export async function chosenMachines(
  db: Queries,
  teamId: string,
  ids: readonly string[] | undefined,
): Promise<readonly MachineView[]> {
  const machines = await findMachines(db, teamId, { ids, limit: MAX_MACHINES + 1 })
  if (machines.length > MAX_MACHINES) {
    throw new ApiError('limit-exceeded', `One call judges ${MAX_MACHINES} machines at most: name them in machineIds.`, {
      data: { field: 'machineIds', limit: MAX_MACHINES },
    })
  }
  const missing = ids?.find((id) => !machines.some((machine) => machine.id === id))
  if (missing !== undefined) throw notFound('machine', missing)
  return machines
}
