/** Python's `//` of two floats (`float_floor_div`): by the exact remainder, so that a rounded quotient is not floored. */
export function pythonFloorDivide(dividend: number, divisor: number): number {
  const remainder = dividend % divisor
  const wrong = remainder !== 0 && remainder < 0 !== divisor < 0
  const quotient = (dividend - remainder) / divisor - (wrong ? 1 : 0)
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}
