import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceId } from '../ids.ts'
import { machineOf } from '../placement/fixtures.ts'
import { type Bytes, bytes, gibibytes } from '../units.ts'
import { explainMemoryLedger } from './explain-memory-ledger.ts'
import type { Device, Machine } from './machine.ts'
import { heldInAll, heldOnDevice } from './memory-held.ts'
import { type MemoryClaims, memoryLedger } from './memory-ledger.ts'

const gpu = deviceId('gpu-0')
const nothing: MemoryClaims = { reserved: [], planned: [] }

function labWith(changes: Partial<Device>, host: Partial<Machine> = {}): Machine {
  const lab = machineOf([{ gib: 24 }], 64)
  const { memoryUsed: _, ...device } = lab.devices[0]!
  return { ...lab, ...host, devices: [{ ...device, ...changes }] }
}

const reservation = (id: string, gib: number, active = true) => ({
  ...{ id, name: `for ${id}`, device: gpu, active },
  bytes: gibibytes(gib),
})
const plan = (id: string, gib: number) => ({ id, name: `plan ${id}`, device: gpu, bytes: gibibytes(gib) })

describe('the memory of a GPU', () => {
  it.each<readonly [string, Partial<Device>, MemoryClaims, { now?: number; afterReserved: number }, readonly string[]]>(
    [
      ['never measured', {}, nothing, { afterReserved: 24 }, ['What is in use was never measured.']],
      ['measured', { memoryUsed: gibibytes(3) }, nothing, { now: 21, afterReserved: 21 }, []],
      [
        'reserved after it was read: both are held',
        { memoryUsed: gibibytes(3), memoryReserved: gibibytes(8) },
        { reserved: [reservation('a', 8)], planned: [] },
        { now: 21, afterReserved: 13 },
        ['24.00 GiB less 8.00 GiB reserved and 3.00 GiB measured beside that: 13.00 GiB left.'],
      ],
      [
        'a reservation that runs counts once, free now is what was measured',
        { memoryUsed: gibibytes(9), memoryReserved: gibibytes(8), memoryReservedWhenRead: gibibytes(8) },
        { reserved: [reservation('a', 8)], planned: [] },
        { now: 15, afterReserved: 15 },
        [
          'Of the 9.00 GiB that was measured, 8.00 GiB is counted as reservations’, 1.00 GiB is not.',
          '24.00 GiB less 8.00 GiB reserved and 1.00 GiB measured beside that: 15.00 GiB left.',
        ],
      ],
      [
        'one that begins later is promised, and free until then',
        { memoryUsed: bytes(0), memoryReserved: gibibytes(20) },
        { reserved: [reservation('a', 20, false)], planned: [] },
        { now: 24, afterReserved: 4 },
        ['24.00 GiB less 20.00 GiB reserved at most from now on: 4.00 GiB left.'],
      ],
      [
        'more is used and promised than there is',
        { memoryUsed: gibibytes(10), memoryReserved: gibibytes(20) },
        { reserved: [reservation('a', 20)], planned: [] },
        { now: 14, afterReserved: -6 },
        ['24.00 GiB less 20.00 GiB reserved and 10.00 GiB measured beside that: 6.00 GiB more than there is.'],
      ],
      [
        'saved plans hold nothing, however much they need',
        { memoryUsed: bytes(0) },
        { reserved: [], planned: [plan('a', 20), plan('b', 22)] },
        { now: 24, afterReserved: 24 },
        [],
      ],
    ],
  )('%s', (_, device, claims, free, sentences) => {
    const [place] = memoryLedger(labWith(device), claims)
    expect(place!.free).toEqual(Object.fromEntries(Object.entries(free).map(([key, gib]) => [key, gibibytes(gib)])))
    expect(explainMemoryLedger(place!)).toEqual(sentences)
  })

  it('says who reserved and who planned, and what is kept', () => {
    const kept = (size: number) => ({ bytes: gibibytes(size), provenance: 'typed' as const })
    const claims = {
      reserved: [reservation('a', 4), reservation('b', 8, false)],
      planned: [plan('p', 6), { id: 'q', name: 'on the host', bytes: gibibytes(2) }],
    }
    const machine = labWith(
      {
        memoryUsed: gibibytes(1),
        memoryReserved: gibibytes(12),
        memory: { driverReserved: kept(0.5), policyReserved: kept(2) },
      },
      { hostMemoryUsed: gibibytes(5) },
    )
    expect(memoryLedger(machine, claims)).toEqual([
      {
        device: gpu,
        capacity: gibibytes(24),
        keptByPolicy: gibibytes(2),
        keptByDriver: gibibytes(0.5),
        measured: gibibytes(1),
        measuredBeside: gibibytes(1),
        reserved: { now: gibibytes(4), peak: gibibytes(12), by: claims.reserved },
        planned: { bytes: gibibytes(6), by: [claims.planned[0]] },
        free: { now: gibibytes(23), afterReserved: gibibytes(11) },
      },
      {
        capacity: gibibytes(64),
        keptByPolicy: 0,
        keptByDriver: 0,
        measured: gibibytes(5),
        measuredBeside: gibibytes(5),
        reserved: { now: 0, peak: 0, by: [] },
        planned: { bytes: gibibytes(2), by: [claims.planned[1]] },
        free: { now: gibibytes(59), afterReserved: gibibytes(59) },
      },
    ])
  })

  it('says nothing of what is free where nobody knows what there is', () => {
    const { hostMemoryTotal: _, ...hostless } = labWith({})
    expect(memoryLedger(hostless, nothing).at(-1)).toEqual({
      keptByPolicy: 0,
      keptByDriver: 0,
      measuredBeside: 0,
      reserved: { now: 0, peak: 0, by: [] },
      planned: { bytes: 0, by: [] },
      free: {},
    })
  })
})

it('leaves after reservations what a plan finds, whatever is planned', () => {
  const sizes = fc.integer({ min: 0, max: 48 }).map((half) => gibibytes(half / 2))
  const some = (size: Bytes, key: keyof Device): Partial<Device> => (size > 0 ? { [key]: size } : {})
  fc.assert(
    fc.property(sizes, sizes, sizes, sizes, (used, promised, whenRead, needed) => {
      const device = {
        ...{ ...some(used, 'memoryUsed'), ...some(promised, 'memoryReserved') },
        ...some(whenRead, 'memoryReservedWhenRead'),
      }
      const machine = labWith(device)
      const [without] = memoryLedger(machine, nothing)
      const [place] = memoryLedger(machine, {
        reserved: [],
        planned: [{ id: 'p', name: 'p', device: gpu, bytes: needed }],
      })
      expect(place!.free).toEqual(without!.free)
      expect(place!.free.afterReserved).toBe(gibibytes(24) - heldInAll(heldOnDevice(machine.devices[0]!)))
    }),
  )
})
