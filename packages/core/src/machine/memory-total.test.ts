import { describe, expect, it } from 'vitest'

import { mebibytes } from '../units.ts'
import { memoryTotal } from './memory-total.ts'

const measured = (mib: number) => ({ bytes: mebibytes(mib), provenance: 'measured' as const })

describe('memoryTotal', () => {
  it.each([
    // reported, runtime, driverReserved, total
    [24576, undefined, undefined, 24576],
    [24576, undefined, 316, 24260],
    [undefined, 24115, undefined, 24115],
    [24576, 24115, undefined, 24115],
    // ECC switched on after the runtime was asked: the smaller is believed.
    [46068, 48669, undefined, 46068],
    // A process sees the card without the driver's share, so that is not taken off twice.
    [24576, 24115, 316, 24115],
    [81920, 81051, 869, 81051],
    [24576, 24400, 316, 24260],
    [0, undefined, 100, 0],
    [100, undefined, 200, 0],
  ])('reported %s, runtime %s, reserved %s MiB: %s MiB', (reported, runtime, reserved, total) => {
    const figures = {
      ...(reported === undefined ? {} : { reported: measured(reported) }),
      ...(runtime === undefined ? {} : { runtime: measured(runtime) }),
      ...(reserved === undefined ? {} : { driverReserved: measured(reserved) }),
    }
    expect(memoryTotal(figures)).toBe(mebibytes(total))
  })

  it('stands on the nominal size only when nothing was measured, and on nothing rather than a guess', () => {
    const nominal = { bytes: mebibytes(24576), provenance: 'catalogue' as const }
    expect(memoryTotal({ nominal })).toBe(mebibytes(24576))
    expect(memoryTotal({ nominal, reported: measured(20475) })).toBe(mebibytes(20475))
    expect(memoryTotal({})).toBe(0)
  })
})
