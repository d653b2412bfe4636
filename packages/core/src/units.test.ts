import { describe, expect, it } from 'vitest'
import {
  bytes,
  formatBitRate,
  formatBytes,
  gibibytes,
  groupThousands,
  mebibytes,
  padTo,
  signedGibibytes,
} from './units.ts'

describe('formatBytes', () => {
  it.each([
    [bytes(0), '0 B'],
    [bytes(1023), '1023 B'],
    [bytes(1536), '1.5 KiB'],
    [mebibytes(378.02), '378 MiB'],
    [mebibytes(66.5), '66.5 MiB'],
    [mebibytes(1023), '1,023 MiB'],
    [gibibytes(42.5), '42.50 GiB'],
    [bytes(-gibibytes(2.95)), '-2.95 GiB'],
  ])('writes %d as %s', (size, text) => expect(formatBytes(size)).toBe(text))

  it('keeps the unit that is asked for', () => {
    expect(formatBytes(gibibytes(24), 'MiB')).toBe('24,576 MiB')
    expect(formatBytes(mebibytes(512), 'GiB')).toBe('0.50 GiB')
  })
})

describe('signedGibibytes', () => {
  it.each([
    [gibibytes(3.14), '+3.1'],
    [bytes(-gibibytes(12.44)), '−12.4'],
    [bytes(0), '+0.0'],
    // Rounded to nothing, it still lacks.
    [bytes(-1), '−0.0'],
    [gibibytes(99.97), '+100'],
    [gibibytes(1430.2), '+1,430'],
  ])('writes %d as %s', (size, text) => expect(signedGibibytes(size)).toBe(text))
})

describe('groupThousands', () => {
  it.each([
    [999, '999'],
    [12288, '12,288'],
    ['1056.5', '1,056.5'],
    [-1048576, '-1,048,576'],
  ])('%s', (given, text) => expect(groupThousands(given)).toBe(text))
})

it('pads above 2^31 without wrapping', () => {
  expect(padTo(2 ** 40 + 1, 128)).toBe(2 ** 40 + 128)
})

describe('formatBitRate', () => {
  it.each([
    [1e9, '1 Gbit/s'],
    [2.5e9, '2.5 Gbit/s'],
    [100e9, '100 Gbit/s'],
    [1.6e12, '1,600 Gbit/s'],
    [100e6, '100 Mbit/s'],
    [54e6, '54 Mbit/s'],
  ])('writes %d as %s', (rate, text) => expect(formatBitRate(rate)).toBe(text))
})
