/** Products reach this in C++ only by undefined behaviour. */
const INT64_LIMIT = 2 ** 63

/**
 * `factor * numerator / denominator` of int64 in C++: exact though the product passes 2^53, truncated towards zero, and
 * undefined where C++ leaves it undefined. All three are whole, `factor` below 2^53 and the others below 2^52; a
 * quotient beyond 2^53 is rounded.
 */
export function int64Quotient(factor: number, numerator: number, denominator: number): number | undefined {
  if (denominator === 0 || Math.abs(factor * numerator) >= INT64_LIMIT) return undefined
  const negative = (factor < 0 !== numerator < 0) !== denominator < 0
  const [times, above, below] = [Math.abs(factor), Math.abs(numerator), Math.abs(denominator)]
  const rest = above % below
  const quotient = times * ((above - rest) / below) + quotientOfFraction(times, rest, below)
  return negative && quotient !== 0 ? -quotient : quotient
}

/** Long multiplication and division, bit by bit; `numerator` is below `denominator`, so no remainder passes 2^53. */
function quotientOfFraction(factor: number, numerator: number, denominator: number): number {
  let quotient = 0
  let remainder = 0
  for (let bit = 2 ** 52; bit >= 1; bit /= 2) {
    quotient *= 2
    remainder *= 2
    if (remainder >= denominator) {
      remainder -= denominator
      quotient++
    }
    if (Math.floor(factor / bit) % 2 === 0) continue
    remainder += numerator
    if (remainder >= denominator) {
      remainder -= denominator
      quotient++
    }
  }
  return quotient
}
