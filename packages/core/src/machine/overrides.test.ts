import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceId, machineId } from '../ids.ts'
import { gibibytes, mebibytes } from '../units.ts'
import { checkOverride, overrideRefusal } from './check-override.ts'
import { explainOverride, explainOverrideIssue, figureWords, formatFigure } from './explain-overrides.ts'
import { type DeviceFigure, deviceFigures, type FigureValue, limitsOf, machineFigures } from './figures.ts'
import type { Device, Machine } from './machine.ts'
import { memoryForEngine, memoryTotal } from './memory-total.ts'
import {
  deviceFigureOf,
  hidesNewer,
  machineFigureOf,
  type MachineOverrides,
  noOverrides,
  type Override,
  overridesForClone,
  withOverrides,
} from './overrides.ts'

const measured = (mib: number) => ({ bytes: mebibytes(mib), provenance: 'measured' as const })
const typed = (mib: number) => ({ bytes: mebibytes(mib), provenance: 'typed' as const })
const card = (change: Partial<Device> = {}): Device => ({
  id: deviceId('a'),
  index: 0,
  name: 'NVIDIA GeForce RTX 3090',
  backend: 'cuda',
  memoryTotal: mebibytes(24_260),
  memory: { reported: measured(24_576), driverReserved: measured(316) },
  unified: false,
  architecture: '8.6',
  pcie: { generationMax: 4, widthMax: 16 },
  memoryBandwidthBytesPerSecond: 936e9,
  fromCatalogue: ['architecture', 'pcie', 'memoryBandwidthBytesPerSecond'],
  ...change,
})
const machine = (...devices: readonly Device[]): Machine => ({
  id: machineId('m'),
  name: 'lab-01',
  hostMemoryBandwidthBytesPerSecond: 51.2e9,
  fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'],
  devices,
  links: [],
})
const over = <Figure extends string>(figure: Figure, value: FigureValue): Override<Figure> => ({
  figure,
  value,
  reason: 'measured by hand',
  setAt: '2026-03-01T00:00:00.000Z',
  was: null,
})
const onDevice = (figure: DeviceFigure, value: FigureValue): MachineOverrides => ({
  machine: [],
  devices: new Map([[deviceId('a'), [over(figure, value)]]]),
})
const changed = (device: Device, overrides: MachineOverrides) => withOverrides(machine(device), overrides).devices[0]

describe('withOverrides', () => {
  it.each<[DeviceFigure, FigureValue, Partial<Device>]>([
    ['memory.nominal', mebibytes(24_576), { memory: { ...card().memory, nominal: typed(24_576) } }],
    [
      'memory.reported',
      mebibytes(24_000),
      { memory: { ...card().memory, reported: typed(24_000) }, memoryTotal: mebibytes(23_684) },
    ],
    [
      'memory.runtime',
      mebibytes(24_115),
      { memory: { ...card().memory, runtime: typed(24_115) }, memoryTotal: mebibytes(24_115) },
    ],
    [
      'memory.driverReserved',
      0,
      { memory: { ...card().memory, driverReserved: typed(0) }, memoryTotal: mebibytes(24_576) },
    ],
    [
      'memory.policyReserved',
      mebibytes(2048),
      { memory: { ...card().memory, policyReserved: typed(2048) }, memoryTotal: mebibytes(22_212) },
    ],
    // More than there is leaves nothing.
    [
      'memory.policyReserved',
      gibibytes(64),
      { memory: { ...card().memory, policyReserved: typed(65_536) }, memoryTotal: mebibytes(0) },
    ],
    ['powerLimitWatts', 280, { powerLimitWatts: 280 }],
    ['displayAttached', true, { displayAttached: true }],
    ['fp16FlopsPerSecond', 142e12, { fp16FlopsPerSecond: 142e12 }],
    // What a person has set is not the catalogue's; what else the catalogue said of it stays.
    [
      'memoryBandwidthBytesPerSecond',
      900e9,
      { memoryBandwidthBytesPerSecond: 900e9, fromCatalogue: ['architecture', 'pcie'] },
    ],
    ['architecture', '8.9', { architecture: '8.9', fromCatalogue: ['pcie', 'memoryBandwidthBytesPerSecond'] }],
    [
      'pcie.width',
      8,
      {
        pcie: { generationMax: 4, widthMax: 16, width: 8 },
        fromCatalogue: ['architecture', 'memoryBandwidthBytesPerSecond'],
      },
    ],
    [
      'pcie.generation',
      3,
      {
        pcie: { generationMax: 4, widthMax: 16, generation: 3 },
        fromCatalogue: ['architecture', 'memoryBandwidthBytesPerSecond'],
      },
    ],
  ])('sets %s to %s', (figure, value, change) => {
    expect(changed(card(), onDevice(figure, value))).toEqual(card(change))
  })

  it.each([
    ['hostMemoryTotal', gibibytes(100)],
    ['hostMemoryBandwidthBytesPerSecond', 40e9],
    ['cpuCores', 12],
  ] as const)('sets %s of the machine', (figure, value) => {
    const set = withOverrides(machine(card()), { machine: [over(figure, value)], devices: new Map() })
    const { fromCatalogue: marks, ...rest } = machine(card())
    const own = figure === 'hostMemoryBandwidthBytesPerSecond' ? {} : { fromCatalogue: marks }
    expect(set).toEqual({ ...rest, ...own, [figure]: value })
  })

  it('has a case for every figure', () => {
    expect(Object.keys(deviceFigures)).toHaveLength(12)
    expect(Object.keys(machineFigures)).toHaveLength(3)
    expect(Object.keys(figureWords)).toEqual([...Object.keys(deviceFigures), ...Object.keys(machineFigures)])
  })

  it('does nothing for a device that is gone, nor with a value of another kind', () => {
    const gone = { machine: [], devices: new Map([[deviceId('gone'), [over('memory.reported' as const, 1)]]]) }
    expect(withOverrides(machine(card()), gone)).toEqual(machine(card()))
    expect(changed(card(), onDevice('architecture', 8))).toMatchObject({ architecture: '8.6' })
  })

  it('keeps a total that was typed with the machine while no figure behind it is set', () => {
    const odd = card({ memoryTotal: gibibytes(20) })
    expect(changed(odd, onDevice('powerLimitWatts', 280))?.memoryTotal).toBe(gibibytes(20))
    expect(changed(odd, onDevice('memory.policyReserved', gibibytes(1)))?.memoryTotal).toBe(gibibytes(19))
    expect(changed(odd, onDevice('memory.reported', gibibytes(24)))?.memoryTotal).toBe(
      memoryTotal({ ...odd.memory, reported: { bytes: gibibytes(24), provenance: 'typed' } }),
    )
  })
})

const sizeValue = fc.integer({ min: 1, max: 2 ** 36 })
const drawn = fc.record({
  machine: fc.uniqueArray(fc.constantFrom('hostMemoryTotal', 'cpuCores'), { maxLength: 2 }),
  device: fc.dictionary(
    fc.constantFrom(
      'memory.nominal',
      'memory.reported',
      'memory.runtime',
      'memory.driverReserved',
      'memory.policyReserved',
      'powerLimitWatts',
    ),
    sizeValue,
  ),
})
const overridesDrawn = drawn.map(({ machine: own, device }): MachineOverrides => ({
  machine: own.map((figure) => over(figure, 64)),
  devices: new Map([
    [deviceId('a'), Object.entries(device).map(([figure, value]) => over(figure as DeviceFigure, value))],
  ]),
}))

describe('laws', () => {
  it('no override leaves the machine as it was read', () => {
    const read = machine(card())
    expect(withOverrides(read, noOverrides)).toEqual(read)
  })

  it('twice is once, in any order', () => {
    fc.assert(
      fc.property(overridesDrawn, (overrides) => {
        const once = withOverrides(machine(card()), overrides)
        expect(withOverrides(once, overrides)).toEqual(once)
        const turned = {
          machine: overrides.machine.toReversed(),
          devices: new Map([...overrides.devices].map(([id, set]) => [id, set.toReversed()])),
        }
        expect(withOverrides(machine(card()), turned)).toEqual(once)
      }),
    )
  })

  it('every figure that is set is the one in force, and no other figure is touched', () => {
    fc.assert(
      fc.property(overridesDrawn, (overrides) => {
        const after = withOverrides(machine(card()), overrides)
        const set = new Map(overrides.devices.get(deviceId('a'))!.map(({ figure, value }) => [figure, value]))
        for (const figure of Object.keys(deviceFigures) as DeviceFigure[]) {
          const expected = set.get(figure) ?? deviceFigureOf(card(), figure)
          expect(deviceFigureOf(after.devices[0]!, figure)).toBe(expected)
        }
        for (const { figure, value } of overrides.machine) expect(machineFigureOf(after, figure)).toBe(value)
      }),
    )
  })

  it('plans get what the figures say less what is kept back, and engines see what is kept back', () => {
    fc.assert(
      fc.property(overridesDrawn, (overrides) => {
        const { memory, memoryTotal: planned } = withOverrides(machine(card()), overrides).devices[0]!
        const { policyReserved, ...figures } = memory
        expect(planned).toBe(memoryTotal(memory))
        expect(planned).toBe(Math.max(0, memoryTotal(figures) - (policyReserved?.bytes ?? 0)))
        expect(memoryForEngine({ memory, memoryTotal: planned })).toBe(memoryTotal(figures))
      }),
    )
  })
})

describe('checkOverride', () => {
  it.each<[DeviceFigure | 'hostMemoryTotal' | 'cpuCores', unknown, string]>([
    ['memory.reported', 0, 'must be 1 B at least'],
    ['memory.reported', -1, 'must be 1 B at least'],
    ['memory.policyReserved', -1, 'must be 0 B at least'],
    ['memory.reported', 1.5, 'must be a whole number'],
    ['memory.reported', Number.NaN, 'must be a number'],
    ['memory.reported', '24 GiB', 'must be a number'],
    ['memory.reported', 2 ** 43, 'must be 4398046511104 (4,096.00 GiB) at most'],
    ['hostMemoryTotal', 2 ** 51, 'must be 1125899906842624 (1,048,576.00 GiB) at most'],
    ['memoryBandwidthBytesPerSecond', 936, 'must be 0.1 GB/s at least'],
    ['fp16FlopsPerSecond', Number.POSITIVE_INFINITY, 'must be a number'],
    ['fp16FlopsPerSecond', 1e16, 'must be 9,000 TFLOPS at most'],
    ['powerLimitWatts', 1e6, 'must be 20,000 W at most'],
    ['pcie.generation', 10, 'must be Gen 9 at most'],
    ['pcie.width', 3, 'must be one of 1, 2, 4, 8, 12, 16, 32'],
    ['pcie.width', 64, 'must be ×32 at most'],
    ['displayAttached', 'yes', 'must be true or false'],
    ['architecture', '', 'must be 1 to 40 letters, figures, spaces or . _ + -, as 8.6 or gfx1100'],
    ['architecture', '8.6\n', 'must be 1 to 40 letters, figures, spaces or . _ + -, as 8.6 or gfx1100'],
    ['architecture', 'x'.repeat(41), 'must be 1 to 40 letters, figures, spaces or . _ + -, as 8.6 or gfx1100'],
    ['cpuCores', 5000, 'must be 4,096 at most'],
  ])('%s is not %s', (figure, value, message) => {
    const checked = checkOverride(figure, value as FigureValue)
    expect(checked.ok ? 'taken' : explainOverrideIssue(checked.issue)).toBe(message)
  })

  it.each<[DeviceFigure, FigureValue, string]>([
    ['memory.reported', mebibytes(24_576), '24.00 GiB'],
    ['memory.driverReserved', 0, '0 B'],
    ['memoryBandwidthBytesPerSecond', 936.2e9, '936.2 GB/s'],
    ['fp16FlopsPerSecond', 1307e12, '1,307 TFLOPS'],
    ['powerLimitWatts', 280, '280 W'],
    ['pcie.generation', 4, 'Gen 4'],
    ['pcie.width', 16, '×16'],
    ['displayAttached', false, 'no'],
    ['architecture', 'Xe-HPG ACM-G11', 'Xe-HPG ACM-G11'],
  ])('%s may be %s, written %s', (figure, value, written) => {
    expect(checkOverride(figure, value)).toEqual({ ok: true, value })
    expect(formatFigure(limitsOf(figure).unit, value)).toBe(written)
  })

  it('refuses the memory of a card that is cut into slices, and nothing else of it', () => {
    const parent = card({ uuid: 'GPU-a', migEnabled: true })
    const slice = card({ id: deviceId('s'), index: 1, migParent: 'GPU-a' })
    const cut = machine(parent, slice)
    expect(overrideRefusal(parent, cut, 'memory.policyReserved')).toBe('cut-into-slices')
    expect(overrideRefusal(parent, cut, 'powerLimitWatts')).toBeUndefined()
    expect(overrideRefusal(slice, cut, 'memory.policyReserved')).toBeUndefined()
  })
})

describe('what an override hides', () => {
  it.each([
    [24, 24, false],
    [24, 25, true],
    [null, 25, true],
    [null, undefined, false],
    // A tool that is silent now tells nothing newer.
    [24, undefined, false],
  ])('set when %s was read, and now %s is: %s', (was, read, hides) => {
    expect(hidesNewer({ was }, read)).toBe(hides)
  })
})

describe('explainOverride', () => {
  it.each([
    [
      { figure: 'memory.reported', value: mebibytes(24_000), was: mebibytes(24_564) },
      mebibytes(24_564),
      'Read 24,564 MiB, set to 24,000 MiB.',
    ],
    [
      { figure: 'memory.reported', value: mebibytes(24_000), was: mebibytes(24_564) },
      mebibytes(24_576),
      'Read 24,564 MiB, set to 24,000 MiB. Since then 24,576 MiB was read, which this hides.',
    ],
    [{ figure: 'displayAttached', value: true, was: null }, undefined, 'Nothing was read, set to yes.'],
    [{ figure: 'pcie.width', value: 8, was: 16 }, 16, 'Read ×16, set to ×8.'],
  ] as const)('%j, now %s: %s', (set, reading, sentence) => expect(explainOverride(set, reading)).toBe(sentence))
})

it('a clone has what is set on the devices that stand for its own', () => {
  const [first, second] = [card(), card({ id: deviceId('b'), index: 1 })]
  const clones = [card({ id: deviceId('clone-gpu-0') }), card({ id: deviceId('clone-gpu-1'), index: 1 })]
  const reserve = [over('memory.policyReserved' as const, gibibytes(1))]
  const own = [over('cpuCores' as const, 8)]
  const set = { machine: own, devices: new Map([[second.id, reserve]]) }
  expect(
    overridesForClone({ ...set, devices: new Map([...set.devices, [deviceId('gone'), reserve]]) }, [
      [first, second],
      clones,
    ]),
  ).toEqual({ machine: own, devices: new Map([[deviceId('clone-gpu-1'), reserve]]) })
})
