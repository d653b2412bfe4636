import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { liveOn, removeReservationsOn } from './repository.ts'

const SHOWN = 10

/**
 * Lets machines go that hold nothing for anybody any more; what was reserved on them once goes with them. To be called
 * while they are held.
 *
 * @throws {ApiError} `in-use`, naming the reservations that stand in the way.
 */
export async function requireUnreserved(db: Queries, teamId: string, machineIds: readonly string[]): Promise<void> {
  const live = await liveOn(db, teamId, machineIds)
  if (live.length > 0) {
    const shown = live.slice(0, SHOWN)
    const names = shown.map(({ purpose }) => purpose).join(', ')
    const message = `${live.length} ${live.length === 1 ? 'reservation holds' : 'reservations hold'} memory of it: ${names}.`
    throw new ApiError('in-use', message, { data: { reservations: shown, count: live.length } })
  }
  await removeReservationsOn(db, teamId, machineIds)
}
