import { bytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { commonScale, MIN_VISIBLE_FRACTION, percent, placeSegments } from './segments.ts'

const segment = (kind: string, size: number) => ({ kind, bytes: bytes(size) })

const bar = (size: number) => ({ scale: bytes(size), capacity: bytes(size) })

describe('placeSegments', () => {
  it('lays segments end to end in proportion to the scale', () => {
    const placed = placeSegments([segment('model', 500), segment('context', 250)], bar(1000))
    expect(placed.map(({ kind, start, width }) => [kind, start, width])).toEqual([
      ['model', 0, 0.5],
      ['context', 0.5, 0.25],
    ])
  })

  it.each([
    // a sliver must stay visible, and the sum must not move
    [[990, 1], 1000],
    [[1, 1, 998], 1000],
    [[600, 2, 300], 1000],
  ])('widens slivers of %j without moving the end', (sizes, scale) => {
    const placed = placeSegments(
      sizes.map((size, index) => segment(String(index), size)),
      bar(scale),
    )
    const last = placed.at(-1)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect((last?.start ?? 0) + (last?.width ?? 0)).toBeCloseTo(total / scale, 12)
    for (const { width } of placed) expect(width).toBeGreaterThanOrEqual(MIN_VISIBLE_FRACTION - 1e-12)
  })

  it.each([
    ['nothing on an empty scale', [segment('model', 5)], 0],
    ['nothing for segments of no bytes', [segment('model', 0), segment('context', 0)], 100],
  ])('draws %s', (_, segments, scale) => {
    expect(placeSegments(segments, bar(scale))).toEqual([])
  })

  it('leaves the others as wide as they are where there is room', () => {
    const [first] = placeSegments([segment('reserved', 13), segment('others', 1)], bar(1000))
    expect(first?.width).toBe(0.013)
  })

  it('does not pass the end of a bar that is shorter than the scale', () => {
    const placed = placeSegments([segment('model', 99), segment('others', 1)], {
      scale: bytes(1000),
      capacity: bytes(100),
    })
    expect((placed[1]?.start ?? 0) + (placed[1]?.width ?? 0)).toBeCloseTo(0.1, 12)
  })

  it('shows every segment where all are slivers', () => {
    const placed = placeSegments([segment('a', 1), segment('b', 1)], bar(10_000))
    expect(placed.map(({ width }) => width)).toEqual([MIN_VISIBLE_FRACTION, MIN_VISIBLE_FRACTION])
  })
})

describe('commonScale', () => {
  it('takes the largest capacity, or the largest sum where one overflows', () => {
    const small = { capacity: bytes(24), segments: [segment('model', 10)] }
    expect(commonScale([small, { capacity: bytes(80), segments: [] }])).toBe(80)
    expect(commonScale([small, { capacity: bytes(8), segments: [segment('model', 90), segment('context', 5)] }])).toBe(
      95,
    )
    expect(commonScale([])).toBe(0)
  })
})

describe('percent', () => {
  it.each([
    [0, '0%'],
    [1 / 3, '33.3333%'],
    [1, '100%'],
  ])('writes %d', (fraction, written) => expect(percent(fraction)).toBe(written))
})
