import type { Milp, Stage } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { gapOf, solveStages } from './solve-stages.ts'

/** A knapsack: at most 10 in weight of three kinds, two of each at most. */
const weights = [6, 5, 4]
const values = [9, 7, 5]
const termsOf = (coefficients: readonly number[]) =>
  coefficients.map((coefficient, column) => ({ column, coefficient }))
const milp: Milp = {
  columns: weights.map(() => ({ lower: 0, upper: 2, integer: true })),
  rows: [{ lower: -Infinity, upper: 10, terms: termsOf(weights) }],
}
const worth: Stage<string> = { goal: 'worth', sense: 'most', terms: termsOf(values), limit: 42 }
const fewest: Stage<string> = { goal: 'fewest', sense: 'least', terms: termsOf([1, 1, 1]), limit: 0 }
const start = [0, 0, 0]

describe('goals one after the other', () => {
  it('are reached, each among the best answers to those before', async () => {
    // 14 in three ways: 6 and 4, or 5 twice; none of them with fewer than two.
    expect(await solveStages({ milp, stages: [worth, fewest], start, seconds: 10 })).toEqual({
      values: expect.anything() as number[],
      stages: [
        { goal: 'worth', value: 14, bound: 14, gap: 0, isBest: true },
        { goal: 'fewest', value: 2, bound: 2, gap: 0, isBest: true },
      ],
    })
  })

  it('come out another way in another order', async () => {
    const { values: found, stages } = await solveStages({ milp, stages: [fewest, worth], start, seconds: 10 })
    expect(found).toEqual([0, 0, 0])
    expect(stages.map(({ value }) => value)).toEqual([0, 0])
  })
})

it('stays where it begins when there is no time, and says what is not proven', async () => {
  expect(await solveStages({ milp, stages: [worth, fewest], start: [1, 0, 0], seconds: 0 })).toEqual({
    values: [1, 0, 0],
    stages: [
      { goal: 'worth', value: 9, bound: 42, gap: 33 / 9, isBest: false },
      { goal: 'fewest', value: 1, bound: 0, gap: 1, isBest: false },
    ],
  })
})

it('asks no solver where the answer reaches what none can pass', async () => {
  const stages = [{ ...worth, limit: 9 }]
  const { values: found } = await solveStages({ milp, stages, start: [1, 0, 0], seconds: 10 })
  expect(found).toEqual([1, 0, 0])
})

it.each([
  [10, 10, 0],
  [10, 11, 0.1],
  [4, 3, 0.25],
])('%d under a bound of %d is %d from it', (value, bound, gap) => {
  expect(gapOf(value, bound)).toBeCloseTo(gap)
})
