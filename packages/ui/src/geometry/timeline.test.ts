import { bytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { laneCount, type Lasting, mostReserved, placeBars, reservedAt, stepPath } from './timeline.ts'

const span = { from: 100, to: 200 }
const bar = (startsAt: number, endsAt?: number): Lasting => ({ startsAt, endsAt })
const placed = (...bars: readonly Lasting[]) =>
  placeBars(bars, span).map(({ bar: _, lane, start, width, fromBefore, goesOn }) => [
    lane,
    Math.round(start * 1000) / 1000,
    Math.round(width * 1000) / 1000,
    `${fromBefore ? '<' : '['}${goesOn ? '>' : ']'}`,
  ])

describe('placeBars', () => {
  it.each<[string, readonly Lasting[], ReturnType<typeof placed>]>([
    ['one within', [bar(110, 130)], [[0, 0.1, 0.2, '[]']]],
    ['one from before that never ends', [bar(1)], [[0, 0, 1, '<>']]],
    [
      'two that overlap',
      [bar(120, 150), bar(110, 130)],
      [
        [0, 0.1, 0.2, '[]'],
        [1, 0.2, 0.3, '[]'],
      ],
    ],
    [
      'two that meet',
      [bar(110, 130), bar(130, 150)],
      [
        [0, 0.1, 0.2, '[]'],
        [0, 0.3, 0.2, '[]'],
      ],
    ],
    [
      'of two that begin together the longer first',
      [bar(110, 120), bar(110)],
      [
        [0, 0.1, 0.9, '[>'],
        [1, 0.1, 0.1, '[]'],
      ],
    ],
    ['a short one wide enough to be hit', [bar(110, 110.1)], [[0, 0.1, 0.012, '[]']]],
    ['a short one at the end within the span', [bar(199.9, 210)], [[0, 0.988, 0.012, '[>']]],
    ['none that is over or not yet there', [bar(1, 100), bar(200, 300)], []],
  ])('places %s', (_, bars, expected) => {
    expect(placed(...bars)).toEqual(expected)
  })
  it('needs a lane fewer than it has overlaps at most', () => {
    expect(laneCount(placeBars([bar(1), bar(1), bar(1), bar(1, 150), bar(150, 160)], span))).toBe(4)
    expect(laneCount([])).toBe(0)
  })
})

const steps = [
  { at: 50, bytes: bytes(10) },
  { at: 120, bytes: bytes(40) },
  { at: 150, bytes: bytes(20) },
  { at: 250, bytes: bytes(99) },
]

describe('what is reserved', () => {
  it.each([
    [40, 0],
    [50, 10],
    [149, 40],
    [150, 20],
  ])('at %i', (at, expected) => {
    expect(reservedAt(steps, at)).toBe(expected)
  })
  it.each([
    [100, 200, 40],
    // a step at the end belongs to what comes after
    [150, 250, 20],
    [0, 50, 0],
  ])('at most from %i to %i', (from, to, expected) => {
    expect(mostReserved(steps, { from, to })).toBe(expected)
  })
})

describe('stepPath', () => {
  it('draws the steps of the span against the top', () => {
    expect(stepPath(steps, span, bytes(80))).toBe('M0 100V87.5H20V50H50V75H100V100Z')
  })
  it('stays in its box where more is reserved than there is, and lies flat where there is nothing', () => {
    expect(stepPath(steps, span, bytes(20))).toBe('M0 100V50H20V0H50V0H100V100Z')
    expect(stepPath([], span, bytes(0))).toBe('M0 100V100H100V100Z')
  })
})
