import { expect, it } from 'vitest'
import { pythonFloorDivide } from './python-number.ts'

// As `python3 -c "print(a // b)"` answers.
it.each([
  [4_194_304, 2048 / 190, 389_120],
  [1_048_576, 1024 / 190, 194_560],
  [16_777_216, 4096 / 190, 778_240],
  [67_108_864, 2048 / 190, 6_225_920],
  [1, 0.1, 9],
  [6, 0.1, 59],
  [-7, 2, -4],
  [7, -2, -4],
  [-6, 2, -3],
])('%d // %d is %d', (dividend, divisor, quotient) => {
  expect(pythonFloorDivide(dividend, divisor)).toBe(quotient)
})
