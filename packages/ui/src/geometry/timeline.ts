import { type Bytes, bytes } from '@berth/core'
import { shareOf, type TimeSpan } from './time-axis.ts'

/** Something that holds from a moment on, to another or for good; in ms since 1970. */
export interface Lasting {
  readonly startsAt: number
  /** Undefined: open-ended. */
  readonly endsAt: number | undefined
}

/** A bar in its lane; `start` and `width` are fractions of the span. */
export interface PlacedBar<Bar extends Lasting> {
  readonly bar: Bar
  readonly lane: number
  readonly start: number
  readonly width: number
  /** It began before the span does. */
  readonly fromBefore: boolean
  /** It ends after the span does, or never. */
  readonly goesOn: boolean
}

/** Below this share of the span a bar could not be seen or hit. */
export const MIN_BAR_FRACTION = 0.012

/** Bars of a span, each in the first lane that is free where it begins; what lies outside is left out. */
export function placeBars<Bar extends Lasting>(bars: readonly Bar[], span: TimeSpan): readonly PlacedBar<Bar>[] {
  const laneEnds: number[] = []
  return bars
    .filter(({ startsAt, endsAt }) => startsAt < span.to && (endsAt === undefined || endsAt > span.from))
    .toSorted((a, b) => a.startsAt - b.startsAt || endOf(b) - endOf(a))
    .map((bar) => {
      const from = shareOf(bar.startsAt, span)
      const width = Math.max(MIN_BAR_FRACTION, shareOf(endOf(bar), span) - from)
      // One at the very end is drawn to the left of it, not beyond.
      const start = Math.min(from, 1 - width)
      const free = laneEnds.findIndex((end) => end <= start + ROUNDING)
      const lane = free === -1 ? laneEnds.length : free
      laneEnds[lane] = start + width
      return { bar, lane, start, width, fromBefore: bar.startsAt < span.from, goesOn: endOf(bar) > span.to }
    })
}

/** Two bars that meet may share a lane, whatever the last digit of a fraction. */
const ROUNDING = 1e-9

const endOf = ({ endsAt }: Lasting): number => endsAt ?? Number.POSITIVE_INFINITY

export const laneCount = (placed: readonly { readonly lane: number }[]): number =>
  placed.reduce((most, { lane }) => Math.max(most, lane + 1), 0)

/** So many bytes are reserved from this moment on, until the next step. */
export interface ReservedStep {
  readonly at: number
  readonly bytes: Bytes
}

/** What is reserved at a moment; nothing before the first step. */
export const reservedAt = (steps: readonly ReservedStep[], at: number): Bytes =>
  steps.findLast((step) => step.at <= at)?.bytes ?? bytes(0)

/** The most that is reserved in one moment of a span. */
export const mostReserved = (steps: readonly ReservedStep[], span: TimeSpan): Bytes =>
  steps
    .filter(({ at }) => at > span.from && at < span.to)
    .reduce((most, step) => (step.bytes > most ? step.bytes : most), reservedAt(steps, span.from))

const round = (value: number): number => Math.round(value * 1000) / 1000

/** The steps as the outline of a filled shape in a box of 100 by 100, y downwards; `top` bytes reach its upper edge. */
export function stepPath(steps: readonly ReservedStep[], span: TimeSpan, top: Bytes): string {
  const height = (size: Bytes): number => round(100 * (1 - (top > 0 ? Math.min(1, size / top) : 0)))
  const within = steps.filter(({ at }) => at > span.from && at < span.to)
  const corners = within.map((step) => `H${round(100 * shareOf(step.at, span))}V${height(step.bytes)}`)
  return `M0 100V${height(reservedAt(steps, span.from))}${corners.join('')}H100V100Z`
}
