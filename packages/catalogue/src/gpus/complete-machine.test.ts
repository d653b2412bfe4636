import { type Device, deviceId, type Machine, machineId, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { completeMachine } from './complete-machine.ts'

const device = (change: Partial<Device> = {}): Device => ({
  id: deviceId('GPU-1'),
  index: 0,
  name: 'NVIDIA GeForce RTX 3090',
  backend: 'cuda',
  memoryTotal: mebibytes(24259),
  memory: { reported: { bytes: mebibytes(24576), provenance: 'measured' } },
  unified: false,
  ...change,
})
const machine = (change: Partial<Machine> = {}): Machine => ({
  id: machineId('m'),
  name: 'm',
  devices: [],
  links: [],
  ...change,
})
const completed = (one: Device): Device | undefined => completeMachine(machine({ devices: [one] })).devices[0]

describe('completeMachine', () => {
  it('adds what the tool does not print of a known card', () => {
    expect(completed(device())).toEqual({
      ...device(),
      memory: { nominal: { bytes: mebibytes(24576), provenance: 'catalogue' }, ...device().memory },
      architecture: '8.6',
      memoryBandwidthBytesPerSecond: 936.2e9,
      fp16FlopsPerSecond: 71e12,
      pcie: { generationMax: 4, widthMax: 16 },
      fromCatalogue: ['memoryBandwidthBytesPerSecond', 'architecture', 'fp16FlopsPerSecond', 'pcie'],
    })
  })

  it('keeps what was measured', () => {
    const measured = { architecture: '9.9', pcie: { generation: 3, width: 4 } }
    expect(completed(device(measured))).toMatchObject({
      ...measured,
      fromCatalogue: ['memoryBandwidthBytesPerSecond', 'fp16FlopsPerSecond'],
    })
  })

  it('adds nothing twice', () => {
    const once = completed(device())!
    expect(completed(once)).toEqual(once)
  })

  it.each([
    ['a card nobody knows', { name: 'Prototype X1' }],
    [
      'a card of that name with other memory',
      { memory: { reported: { bytes: mebibytes(6144), provenance: 'measured' as const } } },
    ],
    ['a slice of a card', { migParent: 'GPU-0' }],
    ['a card driven by another backend', { backend: 'vulkan' as const }],
  ])('leaves %s alone', (_, change) => {
    expect(completed(device(change))).toEqual(device(change))
  })

  const unread = { memory: {}, memoryTotal: mebibytes(0) }
  const catalogued = (mib: number) => ({ bytes: mebibytes(mib), provenance: 'catalogue' })

  it('takes the memory of a card whose name alone was read from the catalogue', () => {
    expect(completed(device({ ...unread, name: 'NVIDIA A10' }))).toMatchObject({
      memoryTotal: mebibytes(23028 - 300) - Math.round((23028 * 1024 ** 2) / 100),
      memory: { nominal: catalogued(24576), reported: catalogued(23028) },
    })
    // Sold with two sizes of memory.
    expect(completed(device({ ...unread, name: 'a100' }))).toEqual(device({ ...unread, name: 'a100' }))
  })

  it.each([
    // Name, backend, GiB of the machine, MiB that a process gets.
    ['Apple M3 Max', 'metal', 128, 98304],
    ['Apple M1 Pro', 'metal', 32, 21845],
    ['Apple M9 Ultra', 'metal', 64, 49152],
    ['NVIDIA GB10', 'cuda', 120, 122880],
  ] as const)('gives %s what it may take of its machine', (name, backend, host, mib) => {
    const shared = device({ ...unread, name, backend, unified: true })
    const [one] = completeMachine(machine({ devices: [shared], hostMemoryTotal: mebibytes(host * 1024) })).devices
    expect(Math.floor(one!.memoryTotal / 1024 ** 2)).toBe(mib)
    expect(one!.memory.nominal).toEqual(catalogued(host * 1024))
    // Nobody has said how much the machine has.
    expect(completed(shared)!.memory).toEqual({})
  })

  it.each([
    [40, 409.6e9],
    [30, 307.2e9],
    [undefined, 409.6e9],
  ])('knows the memory of an Apple M3 Max with %s GPU cores', (cores, bandwidth) => {
    const units = cores === undefined ? {} : { computeUnits: cores }
    const mac = device({ name: 'Apple M3 Max', backend: 'metal', unified: true, ...units })
    expect(completed(mac)!.memoryBandwidthBytesPerSecond).toBe(bandwidth)
  })

  it('leaves what Metal was measured to give', () => {
    const runtime = { bytes: mebibytes(110100), provenance: 'measured' } as const
    const mac = device({ name: 'Apple M4 Max', backend: 'metal', unified: true, memory: { runtime } })
    const known = machine({ devices: [mac], hostMemoryTotal: mebibytes(131072) })
    expect(completeMachine(known).devices[0]!.memory).toEqual({ runtime })
  })

  it('adds what the channels of a known processor carry', () => {
    expect(completeMachine(machine({ cpuName: 'AMD EPYC 7763' }))).toEqual({
      ...machine({ cpuName: 'AMD EPYC 7763' }),
      hostMemoryBandwidthBytesPerSecond: 204.8e9,
      fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'],
    })
  })

  it.each([
    ['whose memory was measured', { cpuName: 'AMD EPYC 7763', hostMemoryBandwidthBytesPerSecond: 150e9 }],
    ['with a processor nobody knows', { cpuName: 'Prototype' }],
    ['without a name of its processor', {}],
  ])('leaves a host %s alone', (_, change) => expect(completeMachine(machine(change))).toEqual(machine(change)))
})
