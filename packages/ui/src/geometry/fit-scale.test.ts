import { GIB } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { fitColour, fitStep, fitSteps } from './fit-scale.ts'

describe('fitStep', () => {
  it.each([
    [-400, -3],
    [-32, -3],
    [-31.9, -2],
    [-8, -2],
    [-1, -1],
    // A little lacking is as near to the edge as a little to spare.
    [-0.9, 0],
    [0, 0],
    [0.9, 0],
    [1, 1],
    [7.9, 1],
    [8, 2],
    [32, 3],
    [1000, 3],
  ])('draws %d GiB in step %i', (gibibytes, step) => expect(fitStep(gibibytes * GIB)).toBe(step))
})

it('has a colour for every step', () => {
  expect(fitSteps.map(fitColour)).toEqual([
    'var(--fit-minus-3)',
    'var(--fit-minus-2)',
    'var(--fit-minus-1)',
    'var(--fit-zero)',
    'var(--fit-plus-1)',
    'var(--fit-plus-2)',
    'var(--fit-plus-3)',
  ])
})
