import {
  conflictsIn,
  type CountedPlace,
  countedPlaces,
  type Demand,
  earliestStart,
  explainConflict,
  explainEarliest,
  explainPlacesIssue,
  keyOf,
  type Machine,
  type NamedReservation,
  peakOf,
  type PlaceBytes,
  placeName,
  type ReservationConflict,
  type ReservationId,
  type TimeWindow,
} from '@berth/core'
import type { z } from 'zod'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { claimsOn } from '../reserved-memory/repository.ts'
import { namesOf } from './repository.ts'
import type { conflictView, dryRunOutput } from './schema.ts'
import { invalid } from './window.ts'

type ConflictView = z.output<typeof conflictView>

export interface Asking {
  readonly teamId: string
  readonly machine: Machine
  readonly memory: readonly PlaceBytes[]
  readonly window: TimeWindow
  readonly now: number
  /** Of a reservation that is there already: what it has is not in its own way. */
  readonly own?: ReservationId
  /** The window that it has of the same bytes. */
  readonly held?: TimeWindow
}

export interface Checked {
  readonly places: readonly CountedPlace[]
  readonly demands: readonly Demand[]
  readonly conflicts: readonly ReservationConflict[]
}

/**
 * Whether the places can give what is asked of them. What it answers holds only while the machine is held.
 *
 * @throws {ApiError} `invalid-input` for places that the machine does not have.
 */
export async function check(db: Queries, asking: Asking): Promise<Checked> {
  const { teamId, machine, memory, window, now, own, held } = asking
  const counted = countedPlaces(machine, memory)
  if (!counted.ok) throw invalid(`memory[${counted.issue.at}].place`, explainPlacesIssue(counted.issue, machine))
  const claims = (await claimsOn(db, teamId, { ids: [machine.id], now })).get(machine.id)
  const demands = counted.value.map(({ place, bytes: requested, capacity }) => ({
    ...{ place, requested, capacity },
    claims: (claims?.get(keyOf(place)) ?? []).filter(({ reservation }) => reservation !== own),
  }))
  return { places: counted.value, demands, conflicts: conflictsIn(demands, window, held) }
}

/** @throws {ApiError} `reservation-conflict`, naming who stands in the way. */
export async function refuseConflicts(db: Queries, asking: Asking, checked: Checked): Promise<void> {
  if (checked.conflicts.length === 0) return
  const { conflicts, fitsFrom, explanation } = await explained(db, asking, checked)
  throw new ApiError('reservation-conflict', explanation.join(' '), { data: { conflicts, fitsFrom } })
}

/** Conflicts with the names of the others, and when there would be none. */
export async function explained(
  db: Queries,
  { teamId, machine, window, held }: Asking,
  { demands, conflicts }: Checked,
): Promise<Pick<z.output<typeof dryRunOutput>, 'conflicts' | 'fitsFrom' | 'explanation'>> {
  if (conflicts.length === 0) return { conflicts: [], fitsFrom: timeOf(window.start), explanation: [] }
  const ids = conflicts.flatMap(({ others }) => others.map(({ reservation }) => reservation))
  const names = await namesOf(db, teamId, ids)
  const nameOf = (id: ReservationId): NamedReservation => names.get(id) ?? { purpose: id, owner: 'unknown' }
  const views = conflicts.map((conflict) => toConflictView(conflict, machine, nameOf))
  const sentences = views.map(({ explanation }) => explanation)
  // What has begun cannot wait.
  if (held !== undefined) return { conflicts: views, fitsFrom: null, explanation: sentences }
  const earliest = earliestStart(demands, window)
  return {
    conflicts: views,
    fitsFrom: earliest === undefined ? null : timeOf(earliest),
    explanation: [...sentences, explainEarliest(earliest, minuteOf)],
  }
}

const toConflictView = (
  conflict: ReservationConflict,
  machine: Machine,
  nameOf: (id: ReservationId) => NamedReservation,
): ConflictView => ({
  place: conflict.place,
  name: placeName(conflict.place, machine),
  requested: conflict.requested,
  reserved: conflict.reserved,
  capacity: conflict.capacity,
  short: conflict.short,
  at: timeOf(conflict.at),
  reservations: conflict.others.map(({ reservation, bytes, window }) => ({
    ...{ id: reservation, ...nameOf(reservation), bytes },
    ...timesOf(window),
  })),
  explanation: explainConflict(conflict, { machine, nameOf, timeOf: minuteOf }),
})

/** What is asked of each place, beside what that has and others hold of it. */
export const memoryOf = (
  { machine, window }: Pick<Asking, 'machine' | 'window'>,
  { places, demands }: Checked,
): z.output<typeof dryRunOutput>['memory'] =>
  demands.flatMap(({ place, capacity, claims }, at) => {
    const { bytes, shared } = places[at]!
    if (bytes === shared) return []
    return [{ place, name: placeName(place, machine), bytes, capacity, reserved: peakOf(claims, window).bytes }]
  })

export const timeOf = (at: number): string => new Date(at).toISOString()

/** As sentences have it. */
const minuteOf = (at: number): string => `${timeOf(at).slice(0, 16).replace('T', ' ')} UTC`

export const timesOf = ({ start, end }: TimeWindow) => ({
  startsAt: timeOf(start),
  endsAt: end === null ? null : timeOf(end),
})
