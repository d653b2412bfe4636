import { describe, expect, it } from 'vitest'
import type { Link } from '../machine/link.ts'
import type { Device, Machine, NetworkInterface } from '../machine/machine.ts'
import { machineOf } from '../placement/fixtures.ts'
import { deviceLink, hostLink } from './link-rates.ts'

const gpus = (...changes: readonly Partial<Device>[]): Machine =>
  machineOf(changes.map((change) => ({ gib: 24, changes: change })))

const GEN4 = { generationMax: 4, width: 16, widthMax: 16 } as const
const GEN3_X8 = { generationMax: 3, width: 8, widthMax: 16 } as const

describe('hostLink', () => {
  const peakOf = (changes: Partial<Device>) => {
    const machine = gpus(changes)
    return hostLink(machine.devices[0]!, machine)
  }

  it.each([
    ['a card at rest, which shows generation 1', { generation: 1, ...GEN4 }, 31.504e9, 'typed'],
    ['a slot narrower than the card', { generationMax: 4, width: 4, widthMax: 16 }, 7.876e9, 'typed'],
    ['a generation shown once', { generation: 3, width: 16 }, 15.76e9, 'typed'],
    ['nothing known', undefined, 15.75e9, 'assumed'],
    ['no lanes', { generationMax: 5, widthMax: 0 }, 15.75e9, 'assumed'],
  ] as const)('PCIe: %s', (_, pcie, perSecond, from) =>
    expect(peakOf(pcie ? { pcie } : {}).peak).toEqual({ perSecond, from }),
  )

  it('is memory itself where both share it', () =>
    expect(peakOf({ unified: true, memoryBandwidthBytesPerSecond: 800e9 })).toMatchObject({
      kind: 'memory',
      peak: { perSecond: 800e9 },
    }))
})

describe('deviceLink', () => {
  const machine = gpus({ pcie: GEN4 }, { pcie: GEN3_X8 })
  const [first, second] = machine.devices
  const way = (link: Partial<Link> | undefined, sideBySide: boolean, changes: Partial<Device> = {}) => {
    const links = link ? [{ from: second!.id, to: first!.id, kind: 'PHB', ...link }] : []
    return deviceLink(
      { ...first!, ...changes },
      { ...second!, ...changes },
      { machine: { ...machine, links }, sideBySide },
    )
  }
  /** Shares of the peak. */
  const reachedOf = ({ reached, peak }: ReturnType<typeof way>) => [
    reached.low / peak.perSecond,
    reached.high / peak.perSecond,
  ]

  it.each([
    ['nothing known', undefined],
    ['another socket', { kind: 'SYS' }],
    ['peer access', { peerAccess: 'OK' }],
    ['NVLink', { kind: 'NV4', bandwidthBytesPerSecond: 56e9 }],
  ] as const)('goes through host memory from layer to layer, at the slower slot: %s', (_, link) => {
    const found = way(link, false)
    expect(found).toMatchObject({ kind: 'PCIe', throughHost: true, peak: { perSecond: 7.88e9, from: 'typed' } })
    expect(reachedOf(found)).toEqual([0.3, 0.8])
  })

  const direct = { kind: 'PHB', perSecond: 7.88e9, from: 'typed', reached: [0.3, 0.9], throughHost: undefined }
  it.each([
    ['nothing known: either way', undefined, { kind: 'PCIe' }],
    ['a path, peer access not known', {}, {}],
    ['a driver that does not know', { peerAccess: 'U' }, {}],
    ['peer access', { peerAccess: 'OK' }, { reached: [0.5, 0.9] }],
    ['P2P off: up one slot and down the other', { peerAccess: 'CNS' }, { reached: [0.3, 0.8], throughHost: true }],
    ['another socket', { kind: 'SYS', peerAccess: 'OK' }, { kind: 'SYS', reached: [0.3, 0.8] }],
    ['another host bridge', { kind: 'NODE' }, { kind: 'NODE', reached: [0.3, 0.8] }],
    [
      'NVLinks by their number',
      { kind: 'NV4', peerAccess: 'OK' },
      { kind: 'NV4', perSecond: 56.25e9, from: 'assumed', reached: [0.5, 0.9] },
    ],
    [
      'what a tool printed of AMD’s links',
      { kind: 'XGMI', bandwidthBytesPerSecond: 1e11 },
      { kind: 'XGMI', perSecond: 1e11 },
    ],
    ['what a tool printed', { kind: 'NV4', bandwidthBytesPerSecond: 56e9 }, { kind: 'NV4', perSecond: 56e9 }],
    [
      'NVLinks that the driver leaves alone',
      { kind: 'NV4', peerAccess: 'DR' },
      { kind: 'NV4', reached: [0.3, 0.8], throughHost: true },
    ],
  ] as const)('for the sums of split mode tensor: %s', (_, link, differs) => {
    const { kind, perSecond, from, reached, throughHost } = { ...direct, ...differs }
    const found = way(link, true)
    expect(found).toMatchObject({ kind, peak: { perSecond, from } })
    expect(found.throughHost).toBe(throughHost)
    reachedOf(found).forEach((share, end) => expect(share).toBeCloseTo(reached[end]!, 12))
  })

  it.each([
    ['6.0', 20e9],
    ['7.0', 25e9],
    ['8.0', 25e9],
    ['8.6', 14.0625e9],
    ['9.0', 25e9],
    ['10.0', 50e9],
    // Not told: an A100's.
    ['', 25e9],
  ])('knows an NVLink of capability %s', (architecture, perSecond) =>
    expect(way({ kind: 'NV1' }, true, { architecture }).peak).toEqual({ perSecond, from: 'assumed' }),
  )
})

describe('a device behind an RPC server', () => {
  const remote = (networkInterfaces?: readonly NetworkInterface[]): Machine => ({
    ...gpus({ backend: 'rpc' }, { backend: 'rpc' }),
    ...(networkInterfaces && { networkInterfaces }),
  })
  const toHost = (machine: Machine) => hostLink(machine.devices[0]!, machine)

  it.each([
    ['nothing known', undefined, 'the network', { perSecond: 125e6, from: 'assumed' }],
    [
      'no interface with a link',
      [{ name: 'eno1', bitsPerSecond: 0 }, { name: 'eno2' }],
      'the network',
      { perSecond: 125e6, from: 'assumed' },
    ],
    [
      'the fastest',
      [
        { name: 'eno1', bitsPerSecond: 1e9 },
        { name: 'ens1', bitsPerSecond: 25e9 },
      ],
      'the network (ens1)',
      { perSecond: 3.125e9, from: 'typed' },
    ],
  ] as const)('is reached over the network: %s', (_, interfaces, kind, peak) =>
    expect(toHost(remote(interfaces))).toMatchObject({ kind, peak }),
  )

  it('costs a request a trip, and at the slow end the graph that older builds send again', () => {
    const { reached, trip } = toHost(remote())
    expect(reached).toEqual({ low: 62.5e6, high: 118.75e6 })
    expect(trip.low).toBe(150e-6)
    expect(trip.high).toBeCloseTo(0.001 + 423_040 / 125e6, 9)
  })

  it('is sent what another server holds by way of this host, at the slow end', () => {
    const machine = remote()
    const [one, other] = machine.devices
    const between = deviceLink(one!, other!, { machine, sideBySide: false })
    const once = toHost(machine)
    expect(between.reached).toEqual({ low: once.reached.low / 2, high: once.reached.high })
    expect(between.trip).toEqual({ low: once.trip.low, high: once.trip.high * 2 })
  })

  it('is a way of its own beside a device of this host', () => {
    const machine = remote()
    const local = { ...machine.devices[0]!, backend: 'cuda' } as const
    expect(deviceLink(local, machine.devices[1]!, { machine, sideBySide: false })).toEqual(toHost(machine))
  })
})
