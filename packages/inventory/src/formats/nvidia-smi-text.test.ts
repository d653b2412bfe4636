import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, fixture, issueOf, machineOf, warningCodes } from '../testing/read.ts'

const text = fixture('smi-text.txt')
const table = fixture('smi-table.txt')

describe('nvidia-smi -q', () => {
  it('reads the figures that the XML has', () => {
    const machine = machineOf(text)
    expect(machine.driverVersion).toBe('610.40')
    expect(machine.devices).toHaveLength(2)
    expect(machine.devices[0]).toEqual({
      id: 'GPU-2f9e8d7c-1111-4222-8333-444455556601',
      index: 0,
      name: 'NVIDIA RTX 6000 Ada Generation',
      backend: 'cuda',
      memoryTotal: mebibytes(48498),
      memory: {
        reported: { bytes: mebibytes(49140), provenance: 'measured' },
        driverReserved: { bytes: mebibytes(642), provenance: 'measured' },
      },
      memoryUsed: mebibytes(310),
      unified: false,
      uuid: 'GPU-2f9e8d7c-1111-4222-8333-444455556601',
      pciBusId: '00000000:41:00.0',
      pcie: { generation: 1, generationMax: 4, width: 8, widthMax: 16 },
      powerLimitWatts: 260,
      powerDefaultWatts: 300,
      eccEnabled: false,
      displayAttached: true,
    })
    expect(warningCodes(text)).toEqual([])
  })

  it('puts MIG slices in place of their card', () => {
    expect(machineOf(fixture('smi-text.txt').replace('@MIG', '')).devices[1]).toMatchObject({
      pciBusId: '00000000:81:00.0',
    })
    const sliced = text.replace(
      /(GPU 00000000:81:00\.0\n(?:.*\n)*?) {4}MIG Mode\n.*\n.*\n/,
      `$1    MIG Mode
        Current                                : Enabled
        Pending                                : Enabled
    MIG Device
        Index                                  : 0
        GPU Instance ID                        : 1
        Shared FB Memory Usage
            Total                              : 40448 MiB
            Reserved                           : 0 MiB
            Used                               : 44 MiB
            Free                               : 40404 MiB
    MIG Device
        Index                                  : 1
        GPU Instance ID                        : 1
        Shared FB Memory Usage
            Total                              : 40448 MiB
            Reserved                           : 0 MiB
            Used                               : 44 MiB
            Free                               : 40404 MiB
`,
    )
    expect(devicesOf(sliced).map(({ index, memoryTotal, migParent }) => [index, memoryTotal, migParent])).toEqual([
      [0, mebibytes(48498), undefined],
      [1, mebibytes(40448), 'GPU-2f9e8d7c-1111-4222-8333-444455556602'],
      [2, mebibytes(40448), 'GPU-2f9e8d7c-1111-4222-8333-444455556602'],
    ])
    // Both compute instances live in one GPU instance's memory.
    expect(warningCodes(sliced)).toEqual(['mig-memory-shared'])
  })

  it('reads one section of it (-d MEMORY), and output without its banner', () => {
    const memory = `Attached GPUs                             : 1
GPU 00000000:01:00.0
    FB Memory Usage
        Total                             : 24564 MiB
        Reserved                          : 346 MiB
        Used                              : 18 MiB
        Free                              : 24199 MiB
`
    expect(devicesOf(memory)[0]).toMatchObject({ id: 'pci:00000000:01:00.0', memoryTotal: mebibytes(24218) })
    expect(machineOf(text.split('\n').slice(3).join('\n')).devices).toEqual(machineOf(text).devices)
  })

  it('refuses output whose indentation is lost', () => {
    const flat = text.replaceAll(/^ +/gm, '')
    expect(issueOf(flat)).toMatchObject({ code: 'malformed', line: 10, format: 'nvidia-smi-text' })
  })

  it('names the line of a size that is none', () => {
    const line = text.split('\n').findIndex((one) => one.includes('49140 MiB')) + 1
    expect(issueOf(text.replace('49140 MiB', 'huge'))).toMatchObject({
      code: 'value-invalid',
      line,
      field: 'fb_memory_usage/total',
    })
  })
})

describe('nvidia-smi, the table', () => {
  it('reads sizes, limits and slots, and says which names are cut short', () => {
    expect(machineOf(table)).toMatchObject({ driverVersion: '550.90.07', devices: { length: 2 } })
    expect(devicesOf(table)[1]).toEqual({
      id: 'pci:00000000:81:00.0',
      index: 1,
      name: 'NVIDIA RTX 6000 Ada Gene...',
      backend: 'cuda',
      memoryTotal: mebibytes(49140),
      memory: { reported: { bytes: mebibytes(49140), provenance: 'measured' } },
      memoryUsed: mebibytes(2),
      unified: false,
      pciBusId: '00000000:81:00.0',
      powerLimitWatts: 260,
      displayAttached: false,
      eccEnabled: false,
    })
    expect(warningCodes(table)).toEqual(['name-cut-short', 'name-cut-short'])
  })

  it('takes names and UUIDs from -L', () => {
    const uuid = (index: number) => `GPU-2f9e8d7c-1111-4222-8333-44445555660${index}`
    const list = [0, 1].map((index) => `GPU ${index}: NVIDIA RTX 6000 Ada Generation (UUID: ${uuid(index)})`).join('\n')
    for (const paste of [`${table}\n${list}\n`, `${list}\n${table}`]) {
      expect(devicesOf(paste).map(({ id, name }) => [id, name])).toEqual([
        [uuid(0), 'NVIDIA RTX 6000 Ada Generation'],
        [uuid(1), 'NVIDIA RTX 6000 Ada Generation'],
      ])
      expect(warningCodes(paste)).toEqual([])
    }
  })

  it('believes -q before the table', () => {
    const joined = machineOf(`host: a\n${table}\n${text.replaceAll(':41:00', ':01:00')}`)
    expect(joined.devices[0]).toMatchObject({ name: 'NVIDIA RTX 6000 Ada Generation', memoryUsed: mebibytes(310) })
    expect(joined.devices).toHaveLength(2)
  })

  it('reads MIG slices below the cards', () => {
    const mig = `${table.trimEnd()}

+-----------------------------------------------------------------------------------------+
| MIG devices:                                                                            |
+------------------+----------------------------------+-----------+-----------------------+
|  1    2   0   0  |              22MiB / 20096MiB    | 42      0 |  3   0    2    0    0 |
|                  |               0MiB / 32767MiB    |           |                       |
+------------------+----------------------------------+-----------+-----------------------+
`.replace(/(81:00\.0.*\n.*\n\|.*)Disabled \|/, '$1 Enabled |')
    expect(devicesOf(mig)[1]).toMatchObject({ id: 'pci:00000000:81:00.0/mig0', memoryTotal: mebibytes(20096) })
  })

  it('reads the table that watch draws anew', () => {
    expect(warningCodes(`${table}\n${table.replace('   410MiB', '   911MiB')}`)).toContain('host-assumed')
    expect(devicesOf(`${table}\n${table.replace('   410MiB', '   911MiB')}`)[0]!.memoryUsed).toBe(mebibytes(911))
  })

  const row = (name: string, bus: string, memory: string) =>
    table.replace(
      /\|   1 [^]*?\n\|[^\n]*\n/,
      `|   1  ${name}  N/A  |   ${bus}  N/A |  N/A |\n| N/A  N/A  N/A  N/A /  N/A | ${memory} | 0%  Default |\n`,
    )

  it.each([
    // A processor's own GPU, with and without a place on the bus.
    ['NVIDIA GB10', '0000000F:01:00.0', { name: 'NVIDIA GB10', unified: true, pciBusId: '0000000F:01:00.0' }],
    ['Orin (nvgpu)', 'N/A', { name: 'Orin (nvgpu)', unified: true, id: 'machine-1/gpu1' }],
    // A card that the driver lost.
    ['ERR!', '00000000:81:00.0', { name: 'Unknown GPU', unified: false, id: 'pci:00000000:81:00.0' }],
  ])('keeps %s, of which no memory is printed', (name, bus, expected) => {
    const text = row(name, bus, 'Not Supported')
    expect(devicesOf(text)[1]).toMatchObject({ ...expected, memory: {}, memoryTotal: 0 })
    expect(warningCodes(text)).toContain('memory-unknown')
  })

  it('takes ECC for on where a count of errors or On stands', () => {
    const ecc = (cell: string) => devicesOf(table.replaceAll(/(?<=O[nf]+ \|\s+)Off(?= \|\n)/g, cell))[0]!.eccEnabled
    expect([ecc('  0'), ecc(' On'), ecc('Off'), ecc('N/A')]).toEqual([true, true, false, undefined])
  })

  it('reads a line of -L that lost its end, but no part of a UUID', () => {
    const uuid = 'GPU-2f9e8d7c-1111-4222-8333-444455556601'
    expect(devicesOf(`GPU 0: NVIDIA L4 (UUID: ${uuid}\n`)).toMatchObject([{ id: uuid, name: 'NVIDIA L4' }])
    expect(devicesOf(`GPU 0: NVIDIA L4 (UUID: ${uuid.slice(0, 20)}\n`)).toMatchObject([{ id: 'machine-1/gpu0' }])
  })
})
