import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { int64Quotient } from './int64-quotient.ts'

describe('int64Quotient', () => {
  it.each([
    { factor: 7, numerator: 3, denominator: 2, expected: 10 },
    { factor: 7, numerator: -3, denominator: 2, expected: -10 },
    { factor: 7, numerator: -3, denominator: -2, expected: 10 },
    { factor: -7, numerator: 3, denominator: 2, expected: -10 },
    // Truncated, so no minus zero and no minus one.
    { factor: 1, numerator: -1, denominator: 2, expected: 0 },
    { factor: 0, numerator: 5, denominator: 3, expected: 0 },
    { factor: 1_000_000, numerator: 9_007_199_254, denominator: 9_007_199_255, expected: 999_999 },
    // The product is 2^58.7; in doubles the quotient rounds up to 476876.
    { factor: 3_199_572, numerator: 154_358_162_449, denominator: 1_035_657_182_461, expected: 476_875 },
    { factor: 4_294_967_295, numerator: 1, denominator: 0, expected: undefined },
    { factor: 4_294_967_296, numerator: 2_147_483_648, denominator: 2, expected: undefined },
  ])('$factor * $numerator / $denominator is $expected', ({ factor, numerator, denominator, expected }) => {
    expect(int64Quotient(factor, numerator, denominator)).toBe(expected)
  })

  it('agrees with exact integers wherever C++ defines the product', () => {
    const size = (bits: number): fc.Arbitrary<number> => fc.integer({ min: -(2 ** bits), max: 2 ** bits })
    fc.assert(
      fc.property(size(32), size(51), size(51), (factor, numerator, denominator) => {
        const product = BigInt(factor) * BigInt(numerator)
        const defined = denominator !== 0 && product < 2n ** 63n && product > -(2n ** 63n)
        fc.pre(!defined || Math.abs(Number(product / BigInt(denominator))) <= Number.MAX_SAFE_INTEGER)
        expect(int64Quotient(factor, numerator, denominator)).toBe(
          defined ? Number(product / BigInt(denominator)) : undefined,
        )
      }),
      { numRuns: 2000 },
    )
  })
})
