import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { explainInventoryWarning } from '../explain.ts'
import { readInventory } from '../read-inventory.ts'
import { fixture, issueOf, machineOf, readingOf, sentenceOf, warningCodes } from '../testing/read.ts'
import { seeds } from '../testing/seeds.ts'

const xml = fixture('smi-v12-two-3090.xml')
const lscpu = 'Architecture:            x86_64\nCPU(s):                  32\nModel name:              AMD EPYC 7313P\n'
const meminfo = 'MemTotal:       131890432 kB\nMemAvailable:   118000000 kB\n'
const broken = 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n'

interface Tool {
  readonly command: string
  readonly output: string
  readonly exitCode?: number
  readonly error?: string
}

const host = [
  { command: 'lscpu', output: lscpu },
  { command: 'cat /proc/meminfo', output: meminfo },
]
const smi = { command: 'nvidia-smi -q -x', output: xml }

const report = (tools: readonly Tool[], fields: object = {}): string =>
  JSON.stringify(
    {
      ...{ berthCollector: 1, hostName: 'lab-01', collectedAt: '2026-03-01T08:00:00Z', os: 'linux' },
      ...fields,
      tools: tools.map((tool) => ({ exitCode: 0, ...tool })),
    },
    null,
    1,
  )

describe('a report', () => {
  it('is read as its outputs would be, under its own name', () => {
    const pasted = machineOf(`host: lab-01\n${xml}\n${lscpu}\n${meminfo}`)
    const reading = readingOf(report([smi, ...host], { everySeconds: 300 }), { hostName: 'another' })
    expect(reading.machines).toEqual([{ ...pasted, os: 'linux' }])
    expect(reading.collected).toEqual([
      { hostName: 'lab-01', collectedAt: '2026-03-01T08:00:00Z', everySeconds: 300, partial: false },
    ])
    expect(reading.sections.map(({ format }) => format)).toEqual([
      'berth-collector',
      'nvidia-smi-xml',
      'host-facts',
      'host-facts',
    ])
    expect(reading.warnings).toEqual([])
  })

  it('of a machine without a GPU is a machine with its processor and memory', () => {
    const text = report(host, { remarks: ['no GPU tool found'] })
    expect(machineOf(text)).toMatchObject({
      ...{ name: 'lab-01', os: 'linux', devices: [], cpuName: 'AMD EPYC 7313P', cpuCores: 32 },
      hostMemoryTotal: 131_890_432 * 1024,
    })
    expect(warningCodes(text)).toEqual(['no-devices'])
  })

  it('of a machine that has no tool at all is an answer too', () => {
    expect(machineOf(report([], { os: 'other' }))).toEqual({ id: 'lab-01', name: 'lab-01', devices: [], links: [] })
  })

  it('stands beside others in one paste, as a list, and beside other text', () => {
    const second = report(host, { hostName: 'lab-02' })
    const names = (text: string) => readingOf(text).machines.map(({ name }) => name)
    expect(names(`${report([smi])}\n${second}`)).toEqual(['lab-01', 'lab-02'])
    expect(names(`[${report([smi])},\n${second}]`)).toEqual(['lab-01', 'lab-02'])
    expect(names(`# lab-03\n${meminfo}\n${second}`)).toEqual(['lab-03', 'lab-02'])
    expect(machineOf(`${report(host)}\n${report([smi])}`).devices).toHaveLength(2)
  })

  it('keeps the host it names, whatever the outputs say of hosts', () => {
    const text = report([{ command: 'nvidia-smi -q -x', output: `host: other\n${xml}` }, ...host])
    expect(readingOf(text).machines.map(({ name, cpuCores }) => [name, cpuCores])).toEqual([['lab-01', 32]])
  })
})

describe('a tool that failed', () => {
  it('is a warning in its own words', () => {
    const text = report([
      smi,
      { command: 'nvidia-smi nvlink -s', output: '', exitCode: 124, error: 'it did not answer within 20 seconds' },
    ])
    const { machines, warnings, collected } = readingOf(text)
    expect(machines[0]!.devices).toHaveLength(2)
    expect(warnings.map(explainInventoryWarning)).toEqual([
      "Line 15, line 1 of nvidia-smi nvlink -s (Berth's collector): A tool could not do its work: “it did not answer within 20 seconds”.",
    ])
    expect(collected).toMatchObject([{ partial: false }])
  })

  it.each([
    ['the driver is gone', [{ command: 'nvidia-smi -q -x', output: broken, exitCode: 9 }], true],
    ['it has seen no GPU', [{ command: 'nvidia-smi -q -x', output: 'No devices were found\n', exitCode: 6 }], false],
    [
      'another of its commands shows them',
      [smi, { command: 'nvidia-smi --query-gpu=x', output: '', exitCode: 2 }],
      false,
    ],
    ["another vendor's shows its own", [smi, { command: 'amd-smi static --json', output: '', exitCode: 1 }], true],
    ['llama.cpp has failed alone', [{ command: 'llama-server --list-devices', output: '', exitCode: 127 }], true],
    [
      'llama.cpp has failed beside one that has not',
      [smi, { command: 'llama-server --list-devices', output: '', exitCode: 1 }],
      false,
    ],
  ] as const)('leaves it open what else is there when %s', (_, tools, partial) => {
    expect(readingOf(report([...tools, ...host])).collected).toMatchObject([{ partial }])
  })

  it('is read where it printed what it should all the same', () => {
    const { machines, warnings } = readingOf(report([{ ...smi, exitCode: 14, error: 'infoROM is corrupted' }]))
    expect(machines[0]!.devices).toHaveLength(2)
    expect(warnings.map(({ code }) => code)).toEqual(['tool-failed'])
  })

  it('is left out where it was cut off', () => {
    const text = report([{ ...smi, output: xml.slice(0, 900), exitCode: 137 }, ...host])
    expect(machineOf(text).devices).toEqual([])
    expect(warningCodes(text)).toEqual(['tool-failed', 'no-devices'])
  })
})

describe('what Berth does not read yet', () => {
  it.each(['numactl -H', 'ip -j link', 'grep -H . /sys/class/net/*/speed', 'sysctl iogpu.wired_limit_mb'])(
    '%s is passed over',
    (command) => {
      expect(readingOf(report([...host, { command, output: 'words of: some kind\n' }])).warnings).toMatchObject([
        { code: 'no-devices' },
      ])
    },
  )
})

describe('a refusal names the tool and its line', () => {
  const damaged = xml.replace('24576 MiB', 'many MiB')
  const line = damaged.split('\n').findIndex((text) => text.includes('many')) + 1

  it.each([
    [
      'a figure that is none',
      report([...host, { ...smi, output: damaged }]),
      `Line 20, line ${line} of nvidia-smi -q -x (nvidia-smi -q -x): The value`,
    ],
    [
      'what nvidia-smi never prints',
      report([{ ...smi, output: 'hello\n' }]),
      'Line 10, line 1 of nvidia-smi -q -x: This is no output',
    ],
    [
      'a collector within it',
      report([{ command: 'nvidia-smi -q -x', output: report([smi]) }]),
      'other machines, not of this one',
    ],
    [
      'whole machines',
      report([{ ...smi, output: '{"berth":"machine","version":1,"id":"a","name":"a","devices":[],"links":[]}' }]),
      'other machines',
    ],
    [
      'other hosts',
      report([{ ...smi, output: 'NodeName=gpu-a01 Gres=gpu:a100:2\n   RealMemory=515000\n' }]),
      'other machines',
    ],
  ])('%s', (_, text, sentence) => {
    expect(sentenceOf(text)).toContain(sentence)
  })

  it.each([
    ['another version', { berthCollector: 2 }, 'version-unsupported', 'berthCollector'],
    ['no name', { hostName: '' }, 'value-invalid', 'hostName'],
    ['a name of two lines', { hostName: 'a\nb' }, 'value-invalid', 'hostName'],
    ['a long name', { hostName: 'x'.repeat(254) }, 'limit-exceeded', 'hostName'],
    ['no time', { collectedAt: 'today' }, 'value-invalid', 'collectedAt'],
    ['a time that is none', { collectedAt: '2026-13-41T08:00:00Z' }, 'value-invalid', 'collectedAt'],
    ['reports without a pause', { everySeconds: 1 }, 'value-invalid', 'everySeconds'],
    ['another system', { os: 'plan9' }, 'value-invalid', 'os'],
    ['a field of its own', { token: 'x' }, 'field-unknown', 'token'],
    ['remarks without end', { remarks: Array.from({ length: 65 }, () => 'x') }, 'limit-exceeded', 'remarks'],
  ] as const)('%s', (_, fields, code, field) => {
    expect(issueOf(report(host, fields))).toMatchObject({ code, field })
  })

  it.each([
    ['too many tools', Array.from({ length: 65 }, () => host[0]!), 'limit-exceeded', 'tools'],
    ['a code that no process has', [{ ...host[0]!, exitCode: 999 }], 'value-invalid', 'tools[0].exitCode'],
    ['a command without end', [{ ...host[0]!, command: 'x'.repeat(1025) }], 'limit-exceeded', 'tools[0].command'],
  ] as const)('%s', (_, tools, code, field) => {
    expect(issueOf(report(tools))).toMatchObject({ code, field })
  })
})

it('answers for any outputs, in time, with a line of the paste', () => {
  let [read, refused] = [0, 0]
  const output = fc.oneof(
    fc.constantFrom(...seeds),
    fc
      .tuple(fc.constantFrom(...seeds), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([text, at]) => text.slice(Math.floor(at * text.length))),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('host: x\n', '['.repeat(40), '{"berthCollector": 1}', 'a: '.repeat(9999)),
  )
  const tool = fc.record({
    command: fc.constantFrom('nvidia-smi -q -x', 'lscpu', 'nvidia-smi topo -p2p rw', 'x\u202e', 'hostname'),
    exitCode: fc.constantFrom(0, 0, 0, 9),
    output,
  })
  fc.assert(
    fc.property(fc.array(tool, { maxLength: 5 }), (tools) => {
      const text = report(tools)
      const start = performance.now()
      const result = readInventory(text)
      expect(performance.now() - start).toBeLessThan(2000)
      const notes = result.ok ? result.value.warnings : [result.issue]
      for (const { line } of notes) {
        expect(line).toBeGreaterThan(0)
        expect(line).toBeLessThanOrEqual(text.split('\n').length)
      }
      if (result.ok) expect(result.value.machines.map(({ name }) => name)).toEqual(['lab-01'])
      if (result.ok) read += 1
      else refused += 1
    }),
    { numRuns: 400 },
  )
  expect(Math.min(read, refused)).toBeGreaterThan(20)
}, 60_000)
