import { type Device, deviceId, gibibytes, type Machine, machineId, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { deviceBar, deviceWarnings, isMeasured, memoryFree, memoryTotal, pcieSentence } from './machine-figures.ts'

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
    expect(bar.margin).toBeUndefined()
  })

  it('adds what is kept back too, as room that must stay free', () => {
    const bar = deviceBar(device({ memory: { policyReserved: { bytes: gibibytes(2), provenance: 'typed' } } }))
    expect(bar).toMatchObject({ capacity: gibibytes(25), margin: gibibytes(2) })
  })
})

describe('memory of a machine', () => {
  it('sums its devices', () => {
    expect(memoryTotal(machine(device(), device()))).toBe(gibibytes(46))
    expect(memoryTotal(machine())).toBe(0)
  })

  it('counts the slices of a card, and not the card once more', () => {
    const parent = device({ uuid: 'GPU-p', memoryUsed: gibibytes(1) })
    const slice = device({
      id: deviceId('s'),
      migParent: 'GPU-p',
      memoryTotal: gibibytes(10),
      memoryUsed: gibibytes(2),
    })
    expect(memoryTotal(machine(parent, slice))).toBe(gibibytes(10))
    expect(memoryFree(machine(parent, slice))).toBe(gibibytes(8))
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

describe('deviceWarnings', () => {
  it('is silent about a card at its best', () => {
    expect(
      deviceWarnings(device({ pcie: { width: 16, widthMax: 16 }, powerLimitWatts: 350, powerDefaultWatts: 350 })),
    ).toEqual([])
  })
  it('names every loss with its figures', () => {
    const slow = device({
      pcie: { width: 4, widthMax: 16 },
      powerLimitWatts: 250,
      powerDefaultWatts: 350,
      displayAttached: true,
    })
    expect(deviceWarnings(slow)).toEqual([
      'Runs on 4 of 16 PCIe lanes',
      'Power capped at 250 W of 350 W',
      'Drives a display, which takes memory of it',
    ])
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
