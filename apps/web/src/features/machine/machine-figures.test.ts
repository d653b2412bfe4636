import { type Device, deviceId, gibibytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { deviceBar, pcieSentence } from './machine-figures.ts'

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

describe('deviceBar', () => {
  it('adds the driver’s share to what a plan may use', () => {
    const bar = deviceBar(
      device({
        memory: { driverReserved: { bytes: mebibytes(400), provenance: 'measured' } },
        memoryUsed: mebibytes(1000),
      }),
    )
    expect(bar.capacity).toBe(gibibytes(23) + mebibytes(400))
    expect(bar.segments.map(({ kind, bytes }) => [kind, bytes])).toEqual([
      ['reserved', mebibytes(400)],
      ['others', mebibytes(1000)],
    ])
    expect(bar.margin).toBeUndefined()
  })

  it('adds what is kept back too, as room that must stay free', () => {
    const bar = deviceBar(device({ memory: { policyReserved: { bytes: gibibytes(2), provenance: 'typed' } } }))
    expect(bar).toMatchObject({ capacity: gibibytes(25), margin: gibibytes(2) })
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
