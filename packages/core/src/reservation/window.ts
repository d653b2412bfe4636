import { type Instant, instant } from '../units.ts'

/** From `start` until just before `end`; without an end it stays open. */
export interface TimeWindow {
  readonly start: Instant
  readonly end: Instant | null
}

/** No moment is after it: an open end, where one is compared or stored as a number. */
const NEVER = instant(Number.POSITIVE_INFINITY)

export const endOf = ({ end }: TimeWindow): Instant => end ?? NEVER

export const isWithin = (at: Instant, window: TimeWindow): boolean => window.start <= at && at < endOf(window)

/** One that ends where the other starts does not touch it; an empty one touches nothing. */
export const overlaps = (one: TimeWindow, other: TimeWindow): boolean =>
  Math.max(one.start, other.start) < Math.min(endOf(one), endOf(other))

/** What of a window lies outside another: nothing, one part or two. */
export function outsideOf(window: TimeWindow, other: TimeWindow): readonly TimeWindow[] {
  if (!overlaps(window, other)) return isEmpty(window) ? [] : [window]
  const before = { start: window.start, end: other.start }
  const after = other.end === null ? [] : [{ start: other.end, end: window.end }]
  return [before, ...after].filter((part) => !isEmpty(part))
}

const isEmpty = (window: TimeWindow): boolean => window.start >= endOf(window)
