import type { Place } from '../placement/verdict.ts'
import { type Bytes, bytes, type Instant, instant } from '../units.ts'
import { type Claim, heldAt, type Peak, peakOf } from './claims.ts'
import { outsideOf, type TimeWindow } from './window.ts'

/** What is wanted of one place, against what that has and what others hold of it. */
export interface Demand {
  readonly place: Place
  readonly requested: Bytes
  readonly capacity: Bytes
  /** Of every other reservation that is not over. */
  readonly claims: readonly Claim[]
}

export interface ReservationConflict extends Pick<Demand, 'place' | 'requested' | 'capacity'> {
  /** What others hold at the worst moment. */
  readonly reserved: Bytes
  /** How much is too much then. */
  readonly short: Bytes
  readonly at: Instant
  /** Who holds it then, the most first; none where the place is too small by itself. */
  readonly others: readonly Claim[]
}

/**
 * Every place that cannot give what is wanted of it throughout the window. What the reservation holds already, as much
 * of the same place, is not asked for again: so to end earlier is always allowed, whatever became of the machine.
 */
export const conflictsIn = (
  demands: readonly Demand[],
  window: TimeWindow,
  held?: TimeWindow,
): readonly ReservationConflict[] =>
  demands.flatMap((demand) => {
    const asked = held === undefined ? [window] : outsideOf(window, held)
    const conflict = worstOf(demand, asked)
    return conflict === undefined ? [] : [conflict]
  })

function worstOf(demand: Demand, windows: readonly TimeWindow[]): ReservationConflict | undefined {
  const { place, requested, capacity, claims } = demand
  const [peak] = windows.map((window) => peakOf(claims, window)).toSorted((one, other) => other.bytes - one.bytes)
  if (peak === undefined || requested + peak.bytes <= capacity) return undefined
  const short = bytes(requested + peak.bytes - capacity)
  return { place, requested, capacity, reserved: peak.bytes, short, at: peak.at, others: holdersAt(claims, peak) }
}

const holdersAt = (claims: readonly Claim[], { at }: Peak): readonly Claim[] =>
  heldAt(claims, at).toSorted((one, other) => other.bytes - one.bytes)

/**
 * The earliest start, not before the window's, at which a window of the same length fits on all places; undefined where
 * none does. It can only be where something ends.
 */
export function earliestStart(demands: readonly Demand[], window: TimeWindow): Instant | undefined {
  const ends = demands.flatMap(({ claims }) => claims.flatMap(({ window: { end } }) => (end === null ? [] : [end])))
  const starts = [window.start, ...ends.filter((end) => end > window.start)].toSorted((one, other) => one - other)
  return [...new Set(starts)].find((start) => conflictsIn(demands, startingAt(window, start)).length === 0)
}

const startingAt = ({ start, end }: TimeWindow, at: Instant): TimeWindow => ({
  start: at,
  end: end === null ? null : instant(end - start + at),
})
