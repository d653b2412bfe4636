import type { ReservationId } from '../ids.ts'
import { type Bytes, bytes, type Instant, sumBytes } from '../units.ts'
import { endOf, isWithin, overlaps, type TimeWindow } from './window.ts'

/** What one reservation holds of one place. */
export interface Claim {
  readonly reservation: ReservationId
  readonly bytes: Bytes
  readonly window: TimeWindow
}

export interface Peak {
  readonly bytes: Bytes
  /** The first moment at which so much is held. */
  readonly at: Instant
}

export const heldAt = (claims: readonly Claim[], at: Instant): readonly Claim[] =>
  claims.filter(({ window }) => isWithin(at, window))

/** The most that lies in one moment of the window. */
export const peakOf = (claims: readonly Claim[], window: TimeWindow): Peak =>
  stepsOf(claims, window).reduce((most, step) => (step.bytes > most.bytes ? step : most))

/**
 * How much is held from when on: first at the start of the window, then at every moment within it where the sum changes.
 * One sweep over the starts and ends.
 */
export function stepsOf(claims: readonly Claim[], window: TimeWindow): readonly [Peak, ...Peak[]] {
  const first = { at: window.start, bytes: sumBytes(heldAt(claims, window.start).map((claim) => claim.bytes)) }
  const steps: [Peak, ...Peak[]] = [first]
  let held: number = first.bytes
  for (const [at, change] of changesWithin(claims, window)) {
    held += change
    if (change !== 0) steps.push({ at, bytes: bytes(held) })
  }
  return steps
}

/** After the window's start and before its end, in order, one entry a moment. */
function changesWithin(claims: readonly Claim[], window: TimeWindow): readonly (readonly [Instant, number])[] {
  const changes = new Map<Instant, number>()
  const add = (at: Instant, change: number) => {
    if (at > window.start && at < endOf(window)) changes.set(at, (changes.get(at) ?? 0) + change)
  }
  for (const claim of claims) {
    if (!overlaps(claim.window, window)) continue
    add(claim.window.start, claim.bytes)
    add(endOf(claim.window), -claim.bytes)
  }
  return [...changes].toSorted(([left], [right]) => left - right)
}
