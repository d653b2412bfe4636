import { describe, expect, it } from 'vitest'
import { quantizationLoss } from './loss.ts'
import { type Mix, mixNames } from './mix.ts'

const never = (): number => {
  throw new Error('asked for the size of a measured mix')
}

describe('quantizationLoss', () => {
  it('orders the usual mixes', () => {
    const usual = ['Q8_0', 'Q6_K', 'Q5_K_M', 'Q5_K_S', 'Q4_K_M', 'Q4_K_S', 'IQ4_XS', 'Q4_0', 'Q3_K_M', 'Q2_K'] as const
    const losses = usual.map((mix) => quantizationLoss(mix, never))
    expect(losses).toEqual(losses.toSorted((left, right) => left - right))
  })

  it.each<[Mix | undefined, number, number]>([
    ['F16', 0, 0],
    // A mix of most nearly its size stands in: Q8_0, IQ4_XS, IQ1_S.
    [undefined, 8.6, 0.001355],
    ['MXFP4_MOE', 4.4, 0.036334],
    ['TQ1_0', 1.9, 2.254554],
    ['Q1_0', 1.1, 2.254554],
  ])('%s at %f bits', (mix, bits, loss) => expect(quantizationLoss(mix, () => bits)).toBe(loss))

  it('is a number for every mix', () => {
    for (const mix of mixNames) expect(quantizationLoss(mix, () => 4)).toBeGreaterThanOrEqual(0)
  })
})
