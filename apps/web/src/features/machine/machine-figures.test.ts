import { type Device, deviceId, gibibytes, type Machine, machineId, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { deviceBar, isMeasured, memoryFree, memoryTotal, pcieSentence } from './machine-figures.ts'

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

const machine = (...devices: readonly Device[]): Machine => ({ id: machineId('m'), name: 'lab-01', devices, links: [] })

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
  })
})

describe('memory of a machine', () => {
  it('sums its devices', () => {
    expect(memoryTotal(machine(device(), device()))).toBe(gibibytes(46))
    expect(memoryTotal(machine())).toBe(0)
  })

  it.each([
    ['is unknown where no device was measured', [{}, {}], undefined],
    ['counts an unmeasured device as free', [{ memoryUsed: gibibytes(3) }, {}], gibibytes(43)],
    // a driver may report more used than a plan may use
    ['is never negative', [{ memoryUsed: gibibytes(24) }], 0],
  ])('free memory %s', (_, devices, expected) => {
    expect(memoryFree(machine(...devices.map((more) => device(more))))).toBe(expected)
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

describe('isMeasured', () => {
  const known = (provenance: 'measured' | 'catalogue' | 'typed') =>
    device({ memory: { nominal: { bytes: gibibytes(24), provenance } } })

  it.each([
    ['a catalogue’s card alone', [known('catalogue')], false],
    ['cards that were said to be so', [known('typed'), known('catalogue')], false],
    ['one card that was read', [known('catalogue'), known('measured')], true],
    // There is nothing to measure.
    ['no card', [], true],
  ])('%s', (_, devices, expected) => expect(isMeasured(machine(...devices))).toBe(expected))
})
