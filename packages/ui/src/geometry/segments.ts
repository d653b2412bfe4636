import { bytes, type Bytes } from '@berth/core'

export interface Segment<Kind extends string> {
  readonly kind: Kind
  readonly bytes: Bytes
}

/** Where a segment lies on a bar; `start` and `width` are fractions of the bar's scale. */
export interface PlacedSegment<Kind extends string> extends Segment<Kind> {
  readonly start: number
  readonly width: number
}

/** Below this share of the scale a segment would be thinner than the gap beside it on a phone. */
export const MIN_VISIBLE_FRACTION = 0.008

/** Up to this share of its capacity a bar has room for segments drawn wider than they are. */
const ROOMY = 0.75

/**
 * Lays segments end to end on a bar of `scale` bytes. Segments of no bytes are left out. One thinner than the minimum is
 * widened to it. On a bar with room the row gets that much longer; on a nearly full one the wider segments give way
 * instead, so that the row does not seem to pass a limit which its sum keeps.
 */
export function placeSegments<Kind extends string>(
  segments: readonly Segment<Kind>[],
  { scale, capacity }: { readonly scale: Bytes; readonly capacity: Bytes },
): readonly PlacedSegment<Kind>[] {
  const present = segments.filter((segment) => segment.bytes > 0)
  if (scale <= 0 || present.length === 0) return []
  const exact = present.map((segment) => segment.bytes / scale)
  const sum = exact.reduce((total, width) => total + width, 0)
  const widths =
    sum < ROOMY * (capacity / scale) ? exact.map((width) => Math.max(width, MIN_VISIBLE_FRACTION)) : widenThin(exact)
  let start = 0
  return present.map((segment, index) => {
    const width = widths[index] ?? 0
    const placed = { ...segment, start, width }
    start += width
    return placed
  })
}

function widenThin(widths: readonly number[]): readonly number[] {
  const lacking = widths.reduce((sum, width) => sum + Math.max(0, MIN_VISIBLE_FRACTION - width), 0)
  const spare = widths.reduce((sum, width) => sum + Math.max(0, width - MIN_VISIBLE_FRACTION), 0)
  if (lacking === 0) return widths
  const given = spare > 0 ? Math.min(1, lacking / spare) : 0
  return widths.map((width) =>
    width < MIN_VISIBLE_FRACTION ? MIN_VISIBLE_FRACTION : width - (width - MIN_VISIBLE_FRACTION) * given,
  )
}

/** The common scale of several bars: the largest capacity, or the largest sum where one does not fit. */
export const commonScale = (
  bars: readonly { readonly capacity: Bytes; readonly segments: readonly Segment<string>[] }[],
): Bytes =>
  bytes(
    Math.max(
      0,
      ...bars.map((bar) =>
        Math.max(
          bar.capacity,
          bar.segments.reduce((sum, { bytes: size }) => sum + size, 0),
        ),
      ),
    ),
  )

/** Fraction of the scale as a CSS percentage, short enough for markup. */
export const percent = (fraction: number): string => `${Math.round(fraction * 1e6) / 1e4}%`
