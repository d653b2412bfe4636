import { expect, it } from 'vitest'
import { bytes } from '../units.ts'
import { heldInAll, heldOnDevice, heldOnHost } from './memory-held.ts'

type Figures = Parameters<typeof heldOnDevice>[0]

const gib = (size: number) => bytes(size * 2 ** 30)

it.each([
  ['nothing is known of it', {}, { used: gib(0) }],
  ['measured only', { memoryUsed: gib(3) }, { used: gib(3) }],
  ['promised only', { memoryReserved: gib(8) }, { reserved: gib(8), used: gib(0) }],
  [
    'promised after it was read: both count',
    { memoryUsed: gib(3), memoryReserved: gib(8) },
    { reserved: gib(8), used: gib(3) },
  ],
  [
    'the reservation runs: its use counts once',
    { memoryUsed: gib(9), memoryReserved: gib(8), memoryReservedWhenRead: gib(8) },
    { reserved: gib(8), used: gib(1) },
  ],
  [
    'reserved but idle when read',
    { memoryUsed: gib(1), memoryReserved: gib(8), memoryReservedWhenRead: gib(8) },
    { reserved: gib(8), used: gib(0) },
  ],
] as const)('%s', (_, figures: Figures, held) => {
  const { memoryUsed, memoryReserved, memoryReservedWhenRead } = figures
  expect(heldOnDevice(figures)).toEqual(held)
  expect(
    heldOnHost({
      ...(memoryUsed !== undefined && { hostMemoryUsed: memoryUsed }),
      ...(memoryReserved !== undefined && { hostMemoryReserved: memoryReserved }),
      ...(memoryReservedWhenRead !== undefined && { hostMemoryReservedWhenRead: memoryReservedWhenRead }),
    }),
  ).toEqual(held)
})

it('sums both only where it is asked to', () => {
  expect(heldInAll({ reserved: gib(8), used: gib(1) })).toBe(gib(9))
  expect(heldInAll({ used: gib(1) })).toBe(gib(1))
})
