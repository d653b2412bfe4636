/** Where things lie on a chart of lines from zero; all positions are fractions of its width and height, from below. */

export interface CurvePoint {
  readonly x: number
  readonly y: number
}

/** Most lines that a chart of this height carries without crowding. */
const GRID_LINES_MAX = 4

/** Values of a grid below and up to `top`: a power of two apart, at most four of them. */
export function gridValues(top: number): readonly number[] {
  if (top <= 0) return []
  const step = 2 ** Math.ceil(Math.log2(top / GRID_LINES_MAX))
  return Array.from({ length: Math.floor(top / step) }, (_, index) => (index + 1) * step)
}

/** Points as an SVG path in a box of 100 by 100, y downwards. */
export const pathOf = (points: readonly CurvePoint[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x * 100)} ${round((1 - y) * 100)}`).join(' ')

const round = (value: number): number => Math.round(value * 1000) / 1000

/**
 * Heights for labels beside the ends of lines: each as near to its line as a gap between labels allows, in the lines'
 * order, none below zero. Given and answered in the same order.
 */
export function labelHeights(ends: readonly number[], gap: number): readonly number[] {
  const heights = [...ends]
  const fromBelow = ends.map((_, index) => index).toSorted((a, b) => ends[a]! - ends[b]!)
  let lowest = 0
  for (const index of fromBelow) {
    const height = Math.max(ends[index]!, lowest)
    heights[index] = height
    lowest = height + gap
  }
  return heights
}
