import { requestDefaults, type SolvedValue, tokens } from '@berth/core'
import { createLoader } from 'nuqs/server'
import { describe, expect, it } from 'vitest'
import { asksTheSame, solvedChange } from './apply-solution.ts'
import { planParsers, requestOf } from './plan-inputs.ts'

const read = createLoader(planParsers)

describe('a solved value', () => {
  it.each<[SolvedValue, object | undefined]>([
    [
      { unknown: 'context', contextPerSlot: tokens(4096), contextLength: tokens(8192) },
      { ctx: 8192, show: 0 },
    ],
    [
      { unknown: 'slots', parallel: 3, contextLength: tokens(12_288) },
      { np: 3, ctx: 12_288, show: 0 },
    ],
    [
      { unknown: 'cache-type', cacheTypeK: 'q8_0', cacheTypeV: 'q5_1' },
      { ctk: 'q8_0', ctv: 'q5_1', show: 0 },
    ],
    [
      { unknown: 'mix', candidate: 'IQ2_M' },
      { mix: 'IQ2_M', show: 0 },
    ],
    [{ unknown: 'mix', candidate: 'a stored file' }, undefined],
  ])('%j changes the inputs by %j', (value, change) => {
    expect(solvedChange(value)).toEqual(change)
  })

  it('is asked for in full, however large', () => {
    // The most slots that the engine serves, each with a context that models of a million tokens are trained for.
    const contextLength = tokens(256 * 2 ** 20)
    const inputs = {
      ...read('?model=m&mix=Q4_K_M'),
      ...solvedChange({ unknown: 'slots', parallel: 256, contextLength }),
    }
    expect(requestOf(inputs)).toEqual({ ...requestDefaults, contextLength, parallel: 256 })
  })
})

it.each([
  ['?model=m&mix=Q4_K_M&machine=a&show=2&prefer=fastest-generation&split=gpu-0:3', true],
  ['?model=m&mix=Q5_K_M', false],
  ['?model=n&mix=Q4_K_M', false],
  ['?model=m&mix=Q4_K_M&ctx=4096', false],
  ['?model=m&mix=Q4_K_M&margins=1,2', false],
])('%s asks the same: %s', (query, same) => {
  expect(asksTheSame(read('?model=m&mix=Q4_K_M'), read(query))).toBe(same)
})
