import { describe, expect, it } from 'vitest'
import { gridValues, labelHeights, pathOf } from './curve.ts'

const GIB = 2 ** 30

describe('gridValues', () => {
  it.each([
    [16 * GIB, [4, 8, 12, 16]],
    [9 * GIB, [4, 8]],
    [1 * GIB, [0.25, 0.5, 0.75, 1]],
    [0, []],
  ])('has few round values up to %d', (top, expected) => {
    expect(gridValues(top).map((value) => value / GIB)).toEqual(expected)
  })
})

describe('pathOf', () => {
  it('draws upwards in a box of 100', () => {
    expect(
      pathOf([
        { x: 0, y: 0 },
        { x: 0.5, y: 0.25 },
        { x: 1, y: 1 },
      ]),
    ).toBe('M0 100 L50 75 L100 0')
  })
})

describe('labelHeights', () => {
  it.each([
    [
      [1, 0.5, 0.2],
      [1, 0.5, 0.2],
    ],
    // Too near each other: moved up, in the lines' order.
    [
      [0.5, 0.5, 0.5],
      [0.5, 0.6, 0.7],
    ],
    [
      [0.05, 0, 0.3],
      [0.1, 0, 0.3],
    ],
  ])('puts labels of lines that end at %j at %j', (ends, expected) => {
    expect(labelHeights(ends, 0.1).map((height) => Math.round(height * 100) / 100)).toEqual(expected)
  })
})
