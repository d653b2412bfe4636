import { describe, expect, it } from 'vitest'
import type { Device, Machine } from '../machine/machine.ts'
import { type CardShape, machineOf } from '../placement/fixtures.ts'
import { deviceRates, hostRates } from './rates.ts'

const device = (changes: Partial<Device> = {}, card: Partial<CardShape> = {}): Device =>
  machineOf([{ gib: 24, ...card, changes }]).devices[0]!

describe('deviceRates', () => {
  it.each([
    ['typed', { memoryBandwidthBytesPerSecond: 900e9 }, { perSecond: 900e9, from: 'typed' }],
    [
      'from the catalogue',
      { memoryBandwidthBytesPerSecond: 900e9, fromCatalogue: ['memoryBandwidthBytesPerSecond'] },
      { perSecond: 900e9, from: 'catalogue' },
    ],
    ['not known', {}, { perSecond: 400e9, from: 'assumed' }],
    ['zero', { memoryBandwidthBytesPerSecond: 0 }, { perSecond: 400e9, from: 'assumed' }],
  ] as const)('takes a bandwidth that is %s', (_, change, peak) =>
    expect(deviceRates(device(change)).bandwidth.peak).toEqual(peak),
  )

  it('doubts what it assumes', () => {
    const spread = ({ bandwidth: { reached } }: ReturnType<typeof deviceRates>) => reached.high / reached.low
    const known = spread(deviceRates(device({ memoryBandwidthBytesPerSecond: 400e9 })))
    expect(spread(deviceRates(device()))).toBeCloseTo(4 * known, 9)
  })

  it('takes plain arithmetic for a card whose fp16 nobody knows', () => {
    const { compute } = deviceRates(device({ memoryBandwidthBytesPerSecond: 500e9 }))
    expect(compute.peak).toEqual({ perSecond: 15e12, from: 'assumed' })
  })

  it('counts a GeForce at the rate of its chip', () => {
    const reached = (name: string) =>
      deviceRates(device({ name, fp16FlopsPerSecond: 71e12, memoryBandwidthBytesPerSecond: 1e12 })).compute.reached
    expect(reached('NVIDIA GeForce RTX 3090').low).toBe(2 * reached('NVIDIA RTX A5000').low)
  })

  it.each([
    ['5.2', 'cuda', undefined],
    ['6.0', 'cuda', 'P100'],
    ['6.1', 'cuda', 'P40'],
    ['7.0', 'cuda', 'V100'],
    ['7.5', 'cuda', 'RTX 2080, RTX 2080 Ti'],
    ['8.0', 'cuda', 'A100'],
    ['8.9', 'cuda', 'RTX 3070 to 3090, RTX 4080, RTX 4090'],
    ['9.0', 'cuda', 'H100, H200'],
    ['10.3', 'cuda', 'B300'],
    ['12.0', 'cuda', 'RTX PRO 6000, RTX 5060 Ti, GB10'],
    ['gfx906', 'rocm', 'MI50'],
    ['gfx90a', 'rocm', undefined],
    ['gfx942', 'rocm', undefined],
    ['gfx1030', 'rocm', undefined],
    ['gfx1100', 'rocm', 'RX 7900 XTX, W7800, 8060S'],
    ['gfx1201', 'rocm', 'R9700, RX 9060 XT'],
    ['unknown', 'rocm', undefined],
    ['unknown', 'cuda', undefined],
    ['Metal', 'metal', 'M1 Max, M2 Ultra, M3 Max, M4'],
  ] as const)('%s on %s goes by %s', (architecture, backend, measuredOn) =>
    expect(deviceRates(device({}, { architecture, backend })).measuredOn).toBe(measuredOn),
  )
})

describe('hostRates', () => {
  const host = (change: Partial<Machine>) => hostRates({ ...machineOf([{ gib: 24 }], 64), ...change }).bandwidth

  it('takes what is typed', () => {
    const { peak, reached } = host({ hostMemoryBandwidthBytesPerSecond: 100e9 })
    expect(peak).toEqual({ perSecond: 100e9, from: 'typed' })
    expect(reached).toEqual({ low: 50e9, high: 90e9 })
  })

  it('doubts whether every channel of a catalogued processor is filled', () => {
    const { peak, reached } = host({
      hostMemoryBandwidthBytesPerSecond: 100e9,
      fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'],
    })
    expect(peak.from).toBe('catalogue')
    expect(reached).toEqual({ low: 25e9, high: 90e9 })
  })

  it('takes the bandwidth of a device that shares the memory', () => {
    const devices = [
      device({ unified: true, memoryBandwidthBytesPerSecond: 800e9, fromCatalogue: ['memoryBandwidthBytesPerSecond'] }),
    ]
    expect(host({ devices })).toEqual({
      peak: { perSecond: 800e9, from: 'catalogue' },
      reached: { low: 400e9, high: 720e9 },
    })
  })

  it('assumes two channels of DDR', () => expect(host({}).peak).toEqual({ perSecond: 60e9, from: 'assumed' }))
})
