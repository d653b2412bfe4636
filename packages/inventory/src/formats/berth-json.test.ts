import type { Machine } from '@berth/core'
import { bytes, deviceId, machineId, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { explainInventoryIssue } from '../explain.ts'
import { readInventory } from '../read-inventory.ts'
import { fixture, issueOf, machineOf, readingOf, sentenceOf } from '../testing/read.ts'
import { machineToJson, writeMachines } from './berth-json.ts'

const typed = (size: number) => ({ bytes: bytes(size), provenance: 'typed' as const })

/** Every field there is, none of them computable from another. */
const whole: Machine = {
  id: machineId('m-1'),
  name: 'lab-01',
  os: 'windows',
  hostMemoryTotal: bytes(134_933_123_072),
  hostMemoryUsed: bytes(3_221_225_472),
  hostMemoryBandwidthBytesPerSecond: 170e9,
  cpuName: 'AMD EPYC 7402P 24-Core Processor',
  cpuCores: 48,
  driverVersion: '550.54.15',
  devices: [
    {
      id: deviceId('GPU-1'),
      index: 0,
      name: 'NVIDIA L40S',
      backend: 'cuda',
      memoryTotal: bytes(47_000_000_001),
      memory: {
        nominal: typed(51_539_607_552),
        reported: typed(48_305_799_168),
        runtime: typed(47_000_000_123),
        driverReserved: typed(122),
      },
      memoryUsed: bytes(17),
      unified: false,
      uuid: 'GPU-1',
      pciBusId: '00000000:01:00.0',
      architecture: '8.9',
      memoryBandwidthBytesPerSecond: 864e9,
      fp16FlopsPerSecond: 362.05e12,
      pcie: { generation: 4, generationMax: 4, width: 8, widthMax: 16 },
      powerLimitWatts: 300.5,
      powerDefaultWatts: 350,
      eccEnabled: true,
      displayAttached: false,
      migEnabled: false,
      migParent: 'GPU-0',
      fromCatalogue: ['fp16FlopsPerSecond', 'pcie'],
    },
    {
      id: deviceId('b'),
      index: 1,
      name: 'remote',
      backend: 'rpc',
      memoryTotal: mebibytes(1),
      memory: {},
      unified: true,
    },
  ],
  links: [
    { from: deviceId('GPU-1'), to: deviceId('b'), kind: 'PHB', bandwidthBytesPerSecond: 1.5e9, peerAccess: 'CNS' },
  ],
  networkInterfaces: [{ name: 'eno1', bitsPerSecond: 2.5e9 }, { name: 'eno2' }],
  fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'],
}

const json = (change: (machine: Record<string, unknown>) => unknown): string =>
  JSON.stringify(change(structuredClone(machineToJson(whole)) as unknown as Record<string, unknown>), null, 2)

/** The first line of the written machine that has `part`. */
const lineWith = (part: string): number =>
  writeMachines([whole])
    .split('\n')
    .findIndex((line) => line.includes(part)) + 1

describe("Berth's own JSON", () => {
  it('reads back exactly what it wrote, one or many, on one line or on several', () => {
    const other: Machine = { ...whole, id: machineId('m-2'), name: 'lab-02', devices: [], links: [] }
    expect(readingOf(writeMachines([whole])).machines).toEqual([whole])
    expect(readingOf(writeMachines([whole, other])).machines).toEqual([whole, other])
    expect(readingOf(JSON.stringify(machineToJson(whole))).machines).toEqual([whole])
    expect(readingOf(`${writeMachines([whole])}${writeMachines([other])}`).machines).toEqual([whole, other])
  })

  it.each(['smi-v9-two-1080-ti.xml', 'smi-v11-mig.xml', 'smi-v12-two-3090.xml', 'smi-v13-rtx-pro.xml', 'smi-odd.xml'])(
    'reads back what was read from %s',
    (name) => {
      const machine = machineOf(fixture(name))
      expect(machineOf(writeMachines([machine]))).toEqual(machine)
    },
  )

  it('reads machines beside the output of tools', () => {
    const text = `host: lab-07\n${fixture('smi-v13-rtx-pro.xml')}\n${writeMachines([whole])}`
    expect(readingOf(text).machines.map((machine) => machine.name)).toEqual(['lab-01', 'lab-07'])
  })

  it.each<[string, string, object]>([
    [
      'a negative size',
      json((m) => ({ ...m, hostMemoryTotal: -1 })),
      { code: 'value-invalid', field: 'hostMemoryTotal', line: 7 },
    ],
    [
      'a fraction of a byte',
      json((m) => ({ ...m, hostMemoryTotal: 1.5 })),
      { code: 'value-invalid', field: 'hostMemoryTotal' },
    ],
    [
      'a size in words',
      json((m) => ({ ...m, hostMemoryTotal: '128 GB' })),
      { code: 'value-invalid', detail: '"128 GB" is not a size in bytes' },
    ],
    [
      'more than a petabyte',
      json((m) => ({ ...m, hostMemoryTotal: 2 ** 51 })),
      { code: 'limit-exceeded', limit: 2 ** 50 },
    ],
    ['null', json((m) => ({ ...m, cpuName: null })), { code: 'value-invalid', field: 'cpuName' }],
    ['a missing field', json(({ name: _name, ...m }) => m), { code: 'field-missing', field: 'name', line: 1 }],
    ['a field there is not', json((m) => ({ ...m, hostMemory: 1 })), { code: 'field-unknown', field: 'hostMemory' }],
    [
      'a prototype',
      json((m) => m).replace('"id": "m-1"', '"id": "m-1", "__proto__": {}'),
      { code: 'field-unknown', field: '__proto__' },
    ],
    ['no list of devices', json((m) => ({ ...m, devices: {} })), { code: 'value-invalid', field: 'devices' }],
    [
      'a backend there is not',
      writeMachines([whole]).replace('"rpc"', '"npu"'),
      { code: 'value-invalid', field: 'devices[1].backend', line: lineWith('"backend": "rpc"') },
    ],
    [
      'a provenance there is not',
      writeMachines([whole]).replace('"typed"', '"guessed"'),
      { code: 'value-invalid', field: 'devices[0].memory.nominal.provenance', line: lineWith('"provenance"') },
    ],
    ['an empty name', json((m) => ({ ...m, name: ' ' })), { code: 'value-invalid', field: 'name' }],
    [
      'a name without end',
      json((m) => ({ ...m, name: 'x'.repeat(257) })),
      { code: 'limit-exceeded', field: 'name', limit: 256 },
    ],
    [
      'a link to nowhere',
      writeMachines([whole]).replace('"to": "b"', '"to": "c"'),
      { code: 'value-invalid', field: 'links[0].to', detail: 'c is no device of this machine' },
    ],
    [
      'an index that is none',
      writeMachines([whole]).replace('"index": 1', '"index": 2'),
      { code: 'value-invalid', field: 'devices[1].index' },
    ],
    [
      'two devices of one id',
      writeMachines([whole]).replace('"id": "b"', '"id": "GPU-1"'),
      { code: 'value-invalid', field: 'devices[1].id' },
    ],
    [
      'another version',
      json((m) => ({ ...m, version: 2 })),
      { code: 'version-unsupported', field: 'version', line: 3 },
    ],
    [
      'another kind of record',
      json((m) => ({ ...m, berth: 'model' })),
      { code: 'value-invalid', field: 'berth', line: 2 },
    ],
    ['two machines of one name', writeMachines([whole, whole]), { code: 'duplicate-machine', detail: 'lab-01' }],
    ['a list with a stranger in it', `[${json((m) => m)}, {"a": 1}]`, { code: 'unrecognised' }],
    [
      'too many devices',
      json((m) => ({ ...m, devices: Array.from({ length: 129 }, () => 0) })),
      { code: 'limit-exceeded', limit: 128, field: 'devices' },
    ],
  ])('refuses %s', (_, text, issue) => {
    expect(issueOf(text)).toMatchObject(issue)
  })

  it('names the line of a field in the paste, not in the JSON', () => {
    const text = `\n\n# exported\n${writeMachines([whole]).replace('"index": 1', '"index": "one"')}`
    const line = text.split('\n').findIndex((candidate) => candidate.includes('"index": "one"')) + 1
    expect(issueOf(text)).toMatchObject({ line, field: 'devices[1].index' })
    expect(sentenceOf(text)).toBe(
      `Line ${line} (Berth's own JSON): The value in devices[1].index cannot be read: “"one" is not a whole number of 0 or more”.`,
    )
  })

  it.each([
    ['cut short', writeMachines([whole]).slice(0, -20), 'truncated', 1],
    ['followed by text', `${JSON.stringify(machineToJson(whole))} etc`, 'malformed', 1],
    [
      'with a comma too many',
      writeMachines([whole]).replace('"name": "lab-01",', '"name": "lab-01",,'),
      'malformed',
      5,
    ],
    ['nested without end', `{"berth": ${'['.repeat(100)}${']'.repeat(100)}}`, 'limit-exceeded', 1],
  ] as const)('refuses JSON %s', (_, text, code, line) => {
    expect(issueOf(text)).toMatchObject({ code, line })
  })

  it('never throws, whatever stands in a field', () => {
    expect.hasAssertions()
    for (const value of [null, [], {}, 'x', 1e308, -0, true, [[[]]]]) {
      for (const field of Object.keys(whole)) {
        const result = readInventory(json((m) => ({ ...m, [field]: value })))
        if (!result.ok) expect(explainInventoryIssue(result.issue)).toMatch(/^Line \d+/)
      }
    }
  })
})
