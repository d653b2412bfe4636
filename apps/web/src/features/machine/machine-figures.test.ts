import { bytes, type Device, deviceId, gibibytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import type { MemoryPlace } from '../../trpc/types.ts'
import { pcieSentence, placeBar } from './machine-figures.ts'

const device = (more: Partial<Device> = {}): Device => ({
  id: deviceId('a'),
  index: 0,
  name: 'NVIDIA GeForce RTX 3090',
  backend: 'cuda',
  memoryTotal: gibibytes(23),
  memory: {},
  unified: false,
  ...more,
})

const place = (more: Partial<MemoryPlace> = {}): MemoryPlace => ({
  place: { kind: 'device', device: deviceId('a') },
  name: 'GPU 0 (NVIDIA GeForce RTX 3090)',
  capacity: gibibytes(23),
  keptByPolicy: bytes(0),
  keptByDriver: bytes(0),
  measured: null,
  reserved: { now: bytes(0), peak: bytes(0), by: [] },
  planned: { bytes: bytes(0), by: [] },
  free: { now: null, afterReserved: null },
  explanation: [],
  ...more,
})

describe('placeBar', () => {
  it('adds the driver’s share to what a plan may use, and draws of what was measured what no reservation accounts for', () => {
    const bar = placeBar(
      place({
        keptByDriver: mebibytes(400),
        measured: { bytes: gibibytes(9), beside: gibibytes(1), readAt: null },
        reserved: { now: gibibytes(8), peak: gibibytes(12), by: [] },
        planned: { bytes: gibibytes(20), by: [] },
      }),
    )
    expect(bar).toEqual({
      capacity: gibibytes(23) + mebibytes(400),
      segments: [
        { kind: 'driver', bytes: mebibytes(400) },
        { kind: 'measured', bytes: gibibytes(1) },
        { kind: 'reserved', bytes: gibibytes(12) },
      ],
      planned: gibibytes(20),
      margin: undefined,
    })
  })

  it('adds what is kept back too, as room that must stay free', () => {
    expect(placeBar(place({ keptByPolicy: gibibytes(2) }))).toMatchObject({
      capacity: gibibytes(25),
      margin: gibibytes(2),
    })
  })
})

describe('pcieSentence', () => {
  it.each([
    [undefined, undefined],
    [{ generation: 4, width: 16, generationMax: 4, widthMax: 16 }, 'Gen 4 ×16'],
    [{ generation: 3, width: 4, generationMax: 4, widthMax: 16 }, 'Gen 3 ×4 of Gen 4 ×16'],
    [{ generationMax: 4, widthMax: 16 }, 'Gen 4 ×16'],
    [{}, undefined],
  ])('writes %j as %s', (pcie, expected) => {
    expect(pcieSentence(device(pcie ? { pcie } : {}))).toBe(expected)
  })
})
