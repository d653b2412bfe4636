import { describe, expect, it } from 'vitest'
import { fittingType } from './fallback.ts'

describe('fittingType', () => {
  it.each([
    ['q4_K', 4096, 'q4_K'],
    ['q4_K', 10944, 'q5_0'],
    ['q5_K', 1408, 'q5_1'],
    ['q6_K', 29568, 'q8_0'],
    ['q3_K', 2880, 'q4_0'],
    ['iq4_xs', 1856, 'iq4_nl'],
    ['iq2_xxs', 160, 'iq4_nl'],
    ['q4_0', 1856, 'q4_0'],
    // Not even whole blocks of 32.
    ['q4_K', 80, 'f16'],
    ['q8_0', 100, 'f16'],
    ['mxfp4', 100, 'f16'],
    ['q2_0', 32, 'q4_0'],
  ] as const)('%s in rows of %i becomes %s', (type, rowElements, expected) => {
    expect(fittingType(type, rowElements)).toBe(expected)
  })
})
