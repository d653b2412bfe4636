import { expect, it } from 'vitest'
import { expiryOf } from './expiry.ts'

it.each([
  ['never', null],
  ['30', '2026-03-31T12:00:00.000Z'],
  ['365', '2027-03-01T12:00:00.000Z'],
] as const)('%s ends at %s', (id, expected) => {
  expect(expiryOf(id, Date.parse('2026-03-01T12:00:00Z'))).toBe(expected)
})
