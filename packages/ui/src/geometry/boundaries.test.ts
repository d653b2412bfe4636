import { describe, expect, it } from 'vitest'
import { boundariesOf, moveBoundary, withCount } from './boundaries.ts'

it('a boundary is where a holder ends; the last one ends with the strip', () => {
  expect(boundariesOf([2, 40, 39])).toEqual([2, 42])
  expect(boundariesOf([81])).toEqual([])
})

describe('moveBoundary', () => {
  it.each([
    ['to the right', [0, 41, 40], 1, 45, [0, 45, 36]],
    ['to the left', [0, 41, 40], 1, 30, [0, 30, 51]],
    ['between layers, to the nearest', [0, 41, 40], 1, 30.6, [0, 31, 50]],
    ['past the end', [0, 41, 40], 1, 99, [0, 81, 0]],
    ['before the start', [0, 41, 40], 1, -3, [0, 0, 81]],
    // What it meets is pushed along.
    ['over the next', [0, 20, 20, 41], 1, 50, [0, 50, 0, 31]],
    ['over the one before', [10, 20, 20], 1, 4, [4, 0, 46]],
    ['onto a holder that had nothing', [0, 81, 0], 1, 60, [0, 60, 21]],
  ])('%s', (_, counts, boundary, to, expected) => expect(moveBoundary(counts, boundary, to)).toEqual(expected))
})

describe('withCount', () => {
  it.each([
    ['taken from the next', [0, 41, 40], 1, 45, [0, 45, 36]],
    ['given to the next', [0, 41, 40], 1, 40, [0, 40, 41]],
    ['taken from the one before where nothing follows', [0, 41, 40], 2, 45, [0, 36, 45]],
    ['given to the one before where nothing follows', [0, 41, 40], 2, 30, [0, 51, 30]],
    ['taken from all that follow, then from before', [5, 10, 4, 4], 1, 20, [3, 20, 0, 0]],
    ['more than there are', [5, 10, 4], 1, 99, [0, 19, 0]],
    ['fewer than none', [5, 10, 4], 1, -1, [5, 0, 14]],
    ['what it has', [5, 10, 4], 1, 10, [5, 10, 4]],
  ])('%s', (_, counts, holder, count, expected) => expect(withCount(counts, holder, count)).toEqual(expected))
})
