import { deviceId, gibibytes, type Machine, machineId, mebibytes } from '@berth/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fixture, issueOf, machineOf, readingOf, sentenceOf } from '../testing/read.ts'
import { parseCsvText } from '../text/csv.ts'
import { writeMachinesCsv } from './berth-csv.ts'

const two = machineOf(
  `host: lab-01\n${fixture('smi-v12-two-3090.xml')}\n\tGPU0\tGPU1\nGPU0\t X \tNV4\nGPU1\tNV4\t X \n\n\tGPU0\tGPU1\nGPU0\tX\tOK\nGPU1\tOK\tX\n\nMemTotal:       131890432 kB\n/sys/class/net/eno1/speed:1000\n`,
)
const sliced = machineOf(`host: lab-02\n${fixture('smi-v11-mig.xml')}`)
const bare: Machine = { id: machineId('cpu-01'), name: 'cpu-01', cpuCores: 24, devices: [], links: [] }

describe("Berth's own CSV", () => {
  it('reads back what it has written', () => {
    expect([two, sliced].flatMap(({ devices }) => devices).length).toBeGreaterThan(3)
    const { machines, sections, warnings } = readingOf(writeMachinesCsv([two, sliced, bare]))
    expect(machines).toEqual([two, sliced, bare])
    expect(sections).toMatchObject([{ format: 'berth-csv', firstLine: 1 }])
    expect(warnings).toEqual([])
  })

  it('reads back any name, and writes none that a spreadsheet would run', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }).filter((name) => name.trim() !== '')
    const formula = fc.constantFrom('=', '+', '-', '@', "'", '').chain((sign) => text.map((rest) => sign + rest))
    fc.assert(
      fc.property(formula, formula, (name, cpuName) => {
        const machine = { ...two, id: machineId(name), name, cpuName }
        const csv = writeMachinesCsv([machine])
        const cells = (parseCsvText(csv, ',') ?? []).flatMap((row) => row.cells)
        expect(cells.length).toBeGreaterThan(0)
        expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
        expect(readingOf(csv).machines).toEqual([machine])
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['commas', (csv: string) => csv],
    ['semicolons, as Excel saves it', (csv: string) => csv.replaceAll(',', ';')],
    ['tabs', (csv: string) => csv.replaceAll(',', '\t')],
  ])('reads what a person has typed: %s', (_, change) => {
    const typed = `machine.name,machine.hostMemoryTotal,device.name,device.backend,device.memory.nominal.bytes
lab-01,128 GiB,NVIDIA GeForce RTX 3090,cuda,24 GiB
lab-01,,NVIDIA GeForce RTX 3090,cuda,25769803776
cpu-01,64 GiB,,,
`
    const memory = { nominal: { bytes: gibibytes(24), provenance: 'typed' } }
    const card = (index: number) => ({
      id: deviceId(`lab-01/gpu${index}`),
      index,
      name: 'NVIDIA GeForce RTX 3090',
      backend: 'cuda',
      memoryTotal: gibibytes(24),
      memory,
      unified: false,
    })
    expect(readingOf(change(typed)).machines).toEqual([
      {
        id: 'lab-01',
        name: 'lab-01',
        hostMemoryTotal: gibibytes(128),
        devices: [card(0), card(1)],
        links: [],
      },
      { id: 'cpu-01', name: 'cpu-01', hostMemoryTotal: mebibytes(65536), devices: [], links: [] },
    ])
  })

  const head = 'machine.name,machine.os,device.name,device.backend,device.memory.nominal.bytes'
  it.each([
    ['an unknown column', `machine.name,device.colour\nlab-01,red`, 'field-unknown', 1, 'device.colour'],
    ['no name', `${head}\nlab-01,,x,cuda,1\n,linux,x,cuda,1`, 'field-missing', 3, 'machine.name'],
    ['a size that is none', `${head}\nlab-01,,x,cuda,much`, 'value-invalid', 2, 'device.memory.nominal.bytes'],
    ['too large a size', `${head}\nlab-01,,x,cuda,1125899906842625`, 'value-invalid', 2, 'device.memory.nominal.bytes'],
    ['an unknown backend', `${head}\nlab-01,,x,cuda,1\nlab-01,,y,abacus,1`, 'value-invalid', 3, 'device.backend'],
    ['a device without a backend', `${head}\nlab-01,,x,,1`, 'field-missing', 2, 'device.backend'],
    ['an unknown system', `${head}\nlab-01,beos,x,cuda,1`, 'value-invalid', 2, 'machine.os'],
    ['rows that disagree', `${head}\nlab-01,linux,x,cuda,1\nlab-01,macos,x,cuda,1`, 'value-invalid', 3, 'machine.os'],
    ['too many cells', `${head}\nlab-01,,x,cuda,1,2`, 'malformed', 2, undefined],
    ['an open quotation mark', `${head}\nlab-01,,"x,cuda,1`, 'malformed', 1, undefined],
    [
      'links to nowhere',
      `machine.name,machine.links\nlab-01,"[[0,1,""SYS""]]"`,
      'value-invalid',
      2,
      'machine.links.0.from',
    ],
    [
      'a peer access that is none',
      `machine.name,machine.links,device.name,device.backend\na,"[[0,1,""SYS"",null,""YES""]]",x,cuda\na,,y,cuda`,
      'value-invalid',
      2,
      'machine.links.0.peerAccess',
    ],
    [
      'interfaces that are none',
      `machine.name,machine.networkInterfaces\na,"[[1]]"`,
      'value-invalid',
      2,
      'machine.networkInterfaces',
    ],
    [
      'an interface twice',
      `machine.name,machine.networkInterfaces\na,"[[""eno1""],[""eno1"",1]]"`,
      'value-invalid',
      2,
      'machine.networkInterfaces.1.name',
    ],
    ['links that are none', `machine.name,machine.links\nlab-01,"[[0]]"`, 'value-invalid', 2, 'machine.links'],
    [
      'one id twice',
      `machine.name,device.id,device.name,device.backend\na,x,n,cuda\na,x,n,cuda`,
      'value-invalid',
      3,
      'device.id',
    ],
    ['a prototype', `machine.name,device.__proto__\na,x`, 'field-unknown', 1, 'device.__proto__'],
  ])('names row and column: %s', (_, csv, code, line, field) => {
    expect(issueOf(csv)).toMatchObject({ code, line, ...(field === undefined ? {} : { field }) })
  })

  it('says it in words', () => {
    expect(sentenceOf(`${head}\nlab-01,,x,cuda,much`)).toBe(
      "Line 2 (Berth's own CSV): The value in device.memory.nominal.bytes cannot be read: “much”.",
    )
  })
})
