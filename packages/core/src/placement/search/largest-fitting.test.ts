import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestFitting } from './largest-fitting.ts'

const trial = (headroom: number): { readonly placement?: true; readonly headroom: number } =>
  headroom >= 0 ? { placement: true, headroom } : { headroom }

describe('largestFitting', () => {
  it('finds the last number that fits, whatever the slope and the jumps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 300 }),
        fc.integer({ min: 0, max: 100_000 }),
        (steps, free) => {
          let need = 0
          const headrooms = steps.map((step) => free - (need += step))
          if (headrooms.at(-1)! >= 0) return
          const last = headrooms.findLastIndex((headroom) => headroom >= 0)
          const found = largestFitting({ least: 0, most: steps.length - 1, at: (count) => trial(headrooms[count]!) })
          expect(found?.count).toBe(last === -1 ? undefined : last)
        },
      ),
    )
  })

  it('needs a handful of trials where memory is linear, however long the range', () => {
    let trials = 0
    const found = largestFitting({
      least: 1,
      most: 4096,
      at: (count) => {
        trials++
        return trial(2_000_000_000 - count * 1_048_576 * 1.37)
      },
    })
    expect(found?.count).toBe(1392)
    expect(trials).toBeLessThanOrEqual(16)
  })

  it('answers nothing when the least does not fit', () => {
    expect(largestFitting({ least: 1, most: 8, at: () => trial(-1) })).toBeUndefined()
  })
})
