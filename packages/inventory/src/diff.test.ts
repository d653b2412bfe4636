import type { Device, Machine } from '@berth/core'
import { deviceId, machineId, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { diffMachine } from './diff.ts'
import { mergeMachine } from './merge.ts'
import { fixture, machineOf } from './testing/read.ts'

const device = (index: number, fields: Partial<Device> = {}): Device => ({
  id: deviceId(fields.uuid ?? `gpu${index}`),
  index,
  name: 'NVIDIA L4',
  backend: 'cuda',
  memoryTotal: mebibytes(23034),
  memory: { reported: { bytes: mebibytes(23034), provenance: 'measured' } },
  unified: false,
  ...fields,
})
const machine = (devices: readonly Device[], fields: Partial<Machine> = {}): Machine => ({
  id: machineId('m'),
  name: 'lab-07',
  devices,
  links: [],
  ...fields,
})
const ids = (devices: readonly Device[]) => devices.map((one) => one.id)

const fixtures = ['smi-v9-two-1080-ti.xml', 'smi-v11-mig.xml', 'smi-v12-two-3090.xml', 'smi-odd.xml']

describe('diffMachine', () => {
  it.each(fixtures)('finds no change in the same import of %s again', (name) => {
    const diff = diffMachine(machineOf(fixture(name)), machineOf(fixture(name)))
    expect(diff.unchanged.length).toBeGreaterThan(0)
    expect({ ...diff, unchanged: [] }).toEqual({
      fields: [],
      added: [],
      changed: [],
      unchanged: [],
      missing: [],
      replaced: [],
    })
  })

  it('calls everything of a new machine added', () => {
    const now = machine([device(0), device(1)])
    expect(diffMachine(undefined, now)).toMatchObject({ added: now.devices, missing: [], fields: [] })
  })

  it('names each field that changed, with both values', () => {
    const before = machine([device(0, { uuid: 'a', memoryUsed: mebibytes(1), pcie: { width: 16 } })], {
      driverVersion: '1',
    })
    const after = machine(
      [device(0, { uuid: 'a', memoryUsed: mebibytes(2), pcie: { width: 8 }, powerLimitWatts: 72 })],
      { driverVersion: '2', name: 'other' },
    )
    const diff = diffMachine(before, after)
    expect(diff.fields).toEqual([{ field: 'driverVersion', before: '1', after: '2' }])
    expect(diff.changed).toHaveLength(1)
    expect(diff.changed[0]!.fields).toEqual([
      { field: 'memoryUsed', before: mebibytes(1), after: mebibytes(2) },
      { field: 'pcie.width', before: 16, after: 8 },
      { field: 'powerLimitWatts', after: 72 },
    ])
  })

  it('takes silence for no change', () => {
    const before = machine([device(0, { uuid: 'a', architecture: '8.9', pcie: { width: 16 } })], { cpuName: 'x' })
    const diff = diffMachine(before, machine([device(0, { uuid: 'a' })]))
    expect([diff.changed, diff.fields, ids(diff.unchanged)]).toEqual([[], [], ['a']])
  })

  it('shows totals as they would be saved, and leaves a total set by hand alone', () => {
    const runtime = { runtime: { bytes: mebibytes(22500), provenance: 'measured' as const } }
    const before = machine([device(0, { uuid: 'a', memoryTotal: mebibytes(20000) })])
    expect(diffMachine(before, machine([device(0, { uuid: 'a' })])).changed).toEqual([])
    expect(
      diffMachine(before, machine([device(0, { uuid: 'a', memory: {}, memoryTotal: mebibytes(0) })])).changed,
    ).toEqual([])
    const after = machine([device(0, { uuid: 'a', memory: runtime, memoryTotal: mebibytes(22500) })])
    expect(diffMachine(before, after).changed.map(({ fields }) => fields)).toEqual([
      [
        { field: 'memoryTotal', before: mebibytes(20000), after: mebibytes(22500) },
        { field: 'memory.runtime.bytes', after: mebibytes(22500) },
        { field: 'memory.runtime.provenance', after: 'measured' },
      ],
    ])
  })

  const slot = (bus: string) => `00000000:${bus}:00.0`
  it.each<[string, Device, Device, 'same' | 'other']>([
    [
      'one UUID in another slot',
      device(0, { uuid: 'a', pciBusId: slot('01') }),
      device(3, { uuid: 'a', pciBusId: slot('02') }),
      'same',
    ],
    [
      'another UUID in the slot',
      device(0, { uuid: 'a', pciBusId: slot('01') }),
      device(0, { uuid: 'b', pciBusId: slot('01') }),
      'other',
    ],
    [
      'a slot, with the UUID learned since',
      device(0, { pciBusId: slot('01') }),
      device(2, { uuid: 'a', pciBusId: slot('01') }),
      'same',
    ],
    ['another slot without UUIDs', device(0, { pciBusId: slot('01') }), device(0, { pciBusId: slot('02') }), 'other'],
    ['an index', device(0), device(0), 'same'],
    ['an index, with UUID and slot learned since', device(0), device(0, { uuid: 'a', pciBusId: slot('01') }), 'same'],
    ['another index', device(0), device(1), 'other'],
    ['another backend', device(0, { backend: 'rpc' }), device(0), 'other'],
  ])('matches by %s: %#', (_, before, after, answer) => {
    const diff = diffMachine(machine([before]), machine([after]))
    expect([diff.added.length, diff.missing.length]).toEqual(answer === 'same' ? [0, 0] : [1, 1])
  })

  it('prefers the UUID to the slot for every card before it looks at slots', () => {
    const before = machine([
      device(0, { uuid: 'a', pciBusId: slot('01') }),
      device(1, { uuid: 'b', pciBusId: slot('02') }),
    ])
    const swapped = machine([
      device(0, { uuid: 'b', pciBusId: slot('01') }),
      device(1, { uuid: 'a', pciBusId: slot('02') }),
    ])
    const diff = diffMachine(before, swapped)
    expect(diff.changed.map((change) => [change.before.id, change.after.id, change.fields])).toEqual([
      ['b', 'b', [{ field: 'pciBusId', before: slot('02'), after: slot('01') }]],
      ['a', 'a', [{ field: 'pciBusId', before: slot('01'), after: slot('02') }]],
    ])
  })
})

describe('mergeMachine', () => {
  it('keeps a card that is not seen, and lists it', () => {
    const before = machine([device(0, { uuid: 'a' }), device(1, { uuid: 'b' })])
    const { machine: merged, diff } = mergeMachine(before, machine([device(0, { uuid: 'b' })]))
    expect(ids(diff.missing)).toEqual(['a'])
    expect(ids(merged.devices)).toEqual(['b', 'a'])
    expect(merged.devices.map((one) => one.index)).toEqual([0, 1])
  })

  it('keeps ids, name and figures that the new import lacks', () => {
    const before = machine(
      [device(0, { id: deviceId('lab-07/gpu0'), architecture: '8.9', memoryTotal: mebibytes(20000) })],
      { cpuName: 'x' },
    )
    const after = machine(
      [
        device(0, {
          uuid: 'a',
          memory: { driverReserved: { bytes: mebibytes(500), provenance: 'measured' } },
        }),
      ],
      { id: machineId('n'), name: 'n', driverVersion: '2' },
    )
    const { machine: merged } = mergeMachine(before, after)
    expect(merged).toMatchObject({ id: 'm', name: 'lab-07', cpuName: 'x', driverVersion: '2' })
    expect(merged.devices).toEqual([
      {
        ...device(0),
        id: 'lab-07/gpu0',
        uuid: 'a',
        architecture: '8.9',
        memory: {
          reported: { bytes: mebibytes(23034), provenance: 'measured' },
          driverReserved: { bytes: mebibytes(500), provenance: 'measured' },
        },
        memoryTotal: mebibytes(22534),
      },
    ])
  })

  it('calls a figure the catalogue’s until something else gives it', () => {
    const looked = {
      architecture: '8.9',
      fp16FlopsPerSecond: 121e12,
      fromCatalogue: ['architecture', 'fp16FlopsPerSecond'],
    } as const
    const host = {
      hostMemoryBandwidthBytesPerSecond: 2e11,
      fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'],
    } as const
    const before = machine([device(0, looked)], host)
    const { machine: measured } = mergeMachine(before, machine([device(0, { architecture: '8.9' })]))
    expect(measured).toMatchObject(host)
    expect(measured.devices[0]!.fromCatalogue).toEqual(['fp16FlopsPerSecond'])
    const typed = machine([device(0, { ...looked, fromCatalogue: ['architecture'] })], {
      hostMemoryBandwidthBytesPerSecond: 1e11,
    })
    const { machine: again } = mergeMachine(before, typed)
    expect(again).not.toHaveProperty('fromCatalogue')
    expect(again.devices[0]!.fromCatalogue).toEqual(['architecture'])
  })

  it('takes nothing for news that Berth itself looked up and wrote out', () => {
    const read = machine([device(0, { uuid: 'a' })])
    const nominal = { bytes: mebibytes(24576), provenance: 'catalogue' } as const
    const written = machine(
      [
        device(0, {
          uuid: 'a',
          architecture: '8.9',
          memory: { nominal, ...device(0).memory },
          fromCatalogue: ['architecture'],
        }),
      ],
      { hostMemoryBandwidthBytesPerSecond: 2e11, fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'] },
    )
    const { machine: merged, diff } = mergeMachine(read, written)
    expect(merged).toEqual(read)
    expect([diff.fields, diff.changed]).toEqual([[], []])
    // What was measured is not undone by what the catalogue says either.
    const looked = { ...device(0), memory: { reported: { ...nominal, bytes: mebibytes(23034) } }, uuid: 'a' }
    expect(mergeMachine(read, machine([looked])).machine).toEqual(read)
  })

  it('keeps the total when the new import has no memory figure', () => {
    // Not what the figures give: a person may have set it.
    const before = machine([device(0, { uuid: 'a', memoryTotal: mebibytes(20000) })])
    const after = machine([device(0, { uuid: 'a', memory: {}, memoryTotal: mebibytes(0) })])
    expect(mergeMachine(before, after).machine.devices[0]!.memoryTotal).toBe(mebibytes(20000))
  })

  it.each(['Unknown GPU', 'NVIDIA GeForce RTX 4080 ...'])('keeps the name it knows when it reads %s', (name) => {
    const before = machine([device(0, { uuid: 'a', unified: true })])
    const after = machine([device(0, { uuid: 'a', name })])
    const { machine: merged, diff } = mergeMachine(before, after)
    expect([merged.devices[0]!.name, merged.devices[0]!.unified, diff.changed]).toEqual(['NVIDIA L4', true, []])
  })

  it('changes nothing the second time', () => {
    for (const name of fixtures) {
      const once = mergeMachine(machineOf(fixture('smi-v13-rtx-pro.xml')), machineOf(fixture(name))).machine
      const twice = mergeMachine(once, machineOf(fixture(name)))
      expect(twice.machine).toEqual(once)
      expect([twice.diff.added, twice.diff.changed]).toEqual([[], []])
    }
  })

  it('puts MIG slices in place of their card, and the card back in place of its slices', () => {
    const sliced = machineOf(fixture('smi-v11-mig.xml'))
    const parent = sliced.devices[0]!.migParent!
    const whole = machine([device(0, { uuid: parent, pciBusId: '00000000:C1:00.0', migEnabled: false })])
    const cut = mergeMachine(whole, sliced)
    expect(ids(cut.machine.devices)).toEqual([`${parent}/mig0`, `${parent}/mig1`])
    expect(cut.diff).toMatchObject({ missing: [], replaced: [{ before: whole.devices[0], by: ids(sliced.devices) }] })
    const joined = mergeMachine(sliced, whole)
    expect(ids(joined.machine.devices)).toEqual([parent])
    expect(joined.diff.replaced.map(({ by }) => by)).toEqual([[parent], [parent]])
  })

  it('never gives one id to two cards', () => {
    const before = machine([device(0, { uuid: 'a', id: deviceId('lab-07/gpu0') })])
    const after = machine([device(0, { uuid: 'b', id: deviceId('lab-07/gpu0') })])
    expect(ids(mergeMachine(before, after).machine.devices)).toEqual(['lab-07/gpu0#2', 'lab-07/gpu0'])
  })

  it('carries links over to the kept ids, and keeps those that were not read', () => {
    const before = machine([device(0), device(1), device(2)], {
      links: [
        { from: deviceId('gpu0'), to: deviceId('gpu1'), kind: 'SYS' },
        { from: deviceId('gpu1'), to: deviceId('gpu2'), kind: 'NV4', bandwidthBytesPerSecond: 56e9 },
      ],
    })
    const now = [device(0, { uuid: 'a' }), device(1, { uuid: 'b' }), device(2, { uuid: 'c' })]
    const after = machine(now, {
      links: [
        { from: deviceId('b'), to: deviceId('a'), kind: 'PIX' },
        { from: deviceId('b'), to: deviceId('c'), kind: 'NV4' },
      ],
    })
    expect(mergeMachine(before, after).machine.links).toEqual([
      { from: 'gpu1', to: 'gpu0', kind: 'PIX' },
      { from: 'gpu1', to: 'gpu2', kind: 'NV4', bandwidthBytesPerSecond: 56e9 },
    ])
  })
})
