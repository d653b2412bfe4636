import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { fixture, issueOf, machineOf, readingOf, sentenceOf, warningCodes } from './testing/read.ts'

const xml = fixture('smi-v12-two-3090.xml')
const other = fixture('smi-v13-rtx-pro.xml')
const uuids = ['GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301', 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e302']

const csv = `index, uuid, compute_cap
0, ${uuids[0]}, 8.6
1, ${uuids[1]}, 8.6
`
const topo =
  '\t\u001b[4mGPU0\tGPU1\tCPU Affinity\tNUMA Affinity\u001b[0m\nGPU0\t X \tNV4\t0-31\tN/A\nGPU1\tNV4\t X \t0-31\tN/A\n'
const list = `Available devices:
  CUDA0: NVIDIA GeForce RTX 3090 (24124 MiB, 23000 MiB free)
  CUDA1: NVIDIA GeForce RTX 3090 (24124 MiB, 23900 MiB free)
`

describe('several outputs in one paste', () => {
  const paste = `${xml}\n${csv}\n${topo}\n${list}`

  it('joins what several tools say about one host', () => {
    const machine = machineOf(paste)
    expect(machine.devices).toHaveLength(2)
    expect(machine.devices[0]).toMatchObject({
      id: uuids[0],
      architecture: '8.6',
      memory: {
        reported: { bytes: mebibytes(24576), provenance: 'measured' },
        runtime: { bytes: mebibytes(24124), provenance: 'measured' },
        driverReserved: { bytes: mebibytes(316), provenance: 'measured' },
      },
      // A process sees the card without what the driver keeps.
      memoryTotal: mebibytes(24124),
      // nvidia-smi's figure: the one of --list-devices counts its own process.
      memoryUsed: mebibytes(412),
      powerLimitWatts: 280,
    })
    expect(machine.links).toEqual([{ from: uuids[0], to: uuids[1], kind: 'NV4' }])
  })

  it('gives the same machine whatever the order', () => {
    const parts = [xml, csv, topo, list]
    const orders = parts.map((_, turn) => [...parts.slice(turn), ...parts.slice(0, turn)].join('\n'))
    expect(orders).toHaveLength(4)
    for (const order of orders) expect(machineOf(order)).toEqual(machineOf(paste))
    expect(machineOf(parts.toReversed().join('\n'))).toEqual(machineOf(paste))
  })

  it('says which lines were read as what', () => {
    expect(readingOf(paste).sections).toEqual([
      { format: 'nvidia-smi-xml', firstLine: 1, lastLine: 160 },
      { format: 'nvidia-smi-csv', firstLine: 162, lastLine: 164 },
      { format: 'nvidia-smi-topo', firstLine: 166, lastLine: 168 },
      { format: 'list-devices', firstLine: 170, lastLine: 172 },
    ])
  })

  it('matches cards by name when CUDA counts them by speed', () => {
    const mixed = `index, name, uuid, pci.bus_id, memory.total [MiB]
0, NVIDIA T400, GPU-aaaaaaaa-0000-4000-8000-000000000001, 00000000:01:00.0, 2048 MiB
1, NVIDIA L40S, GPU-aaaaaaaa-0000-4000-8000-000000000002, 00000000:02:00.0, 46068 MiB

Available devices:
  CUDA0: NVIDIA L40S (45589 MiB, 45000 MiB free)
  CUDA1: NVIDIA T400 (1870 MiB, 1800 MiB free)
`
    expect(machineOf(mixed).devices.map(({ name, memory }) => [name, memory.runtime?.bytes])).toEqual([
      ['NVIDIA T400', mebibytes(1870)],
      ['NVIDIA L40S', mebibytes(45589)],
    ])
  })

  it('matches names with and without the vendor, and by order when they tell nothing', () => {
    const old = fixture('smi-v9-two-1080-ti.xml')
    const listed = 'Available devices:\n  CUDA0: NVIDIA GeForce GTX 1080 Ti (11162 MiB, 11000 MiB free)\n'
    expect(machineOf(`${old}\n${listed}`).devices.map(({ memory }) => memory.runtime?.bytes)).toEqual([
      mebibytes(11162),
      undefined,
    ])
    const unnamed = `host: a\n${old.replaceAll('GeForce GTX 1080 Ti', 'Graphics Device')}\n${listed}  CUDA1: NVIDIA TITAN Xp (12000 MiB, 11000 MiB free)\n`
    expect(machineOf(unnamed).devices.map(({ memory }) => memory.runtime?.bytes)).toEqual([
      mebibytes(11162),
      mebibytes(12000),
    ])
    expect(warningCodes(unnamed)).toEqual(['matched-by-order', 'matched-by-order'])
  })

  it('adds a card that only one tool shows, and says so', () => {
    const text = `${other}\nAvailable devices:\n  CUDA0: NVIDIA RTX PRO 5000 Blackwell (48400 MiB, 48000 MiB free)\n  CUDA1: NVIDIA T400 (1870 MiB, 1800 MiB free)\n`
    expect(machineOf(text).devices.map((device) => device.name)).toEqual([
      'NVIDIA RTX PRO 5000 Blackwell',
      'NVIDIA T400',
    ])
    expect(warningCodes(text)).toEqual(['device-unmatched'])
  })
})

describe('several hosts in one paste', () => {
  const names = (text: string) => readingOf(text).machines.map((machine) => [machine.name, machine.devices.length])
  const both = [
    ['lab-07', 2],
    ['lab-08', 1],
  ]

  it.each<[string, (name: string) => string]>([
    ['host: NAME', (name) => `host: ${name}`],
    ['# NAME', (name) => `# ${name}`],
    ['## Host: NAME', (name) => `## Host: ${name}`],
    ['=== NAME ===', (name) => `=== ${name} ===`],
    ['==> NAME <==', (name) => `==> ${name} <==`],
    ['[NAME]', (name) => `[${name}]`],
    ['NAME:', (name) => `${name}:`],
    ['NAME | CHANGED | rc=0 >>', (name) => `${name} | CHANGED | rc=0 >>`],
    ['clush', (name) => `---------------\n${name}\n---------------`],
    ['hostname', (name) => `$ hostname\n${name}`],
    ['a bash prompt', (name) => `ann@${name}:~/lab$ nvidia-smi -q -x`],
    ['a coloured prompt', (name) => `\u001b[01;32mann@${name}\u001b[00m:\u001b[01;34m~\u001b[00m$ nvidia-smi -q -x`],
    ['a prompt with an environment', (name) => `(base) ann@${name}:~$ nvidia-smi -q -x`],
    ['a root prompt', (name) => `root@${name}:/# nvidia-smi -q -x`],
    ['a Red Hat prompt', (name) => `[ann@${name} ~]$ sudo nvidia-smi -q -x`],
    ['a short prompt', (name) => `${name}$ nvidia-smi -q -x`],
  ])('names them by %s', (_, heading) => {
    expect(names(`${heading('lab-07')}\n${xml}\n${heading('lab-08')}\n${other}`)).toEqual(both)
  })

  it('keeps one host together that comes back', () => {
    expect(names(`host: lab-07\n${xml}\nhost: lab-08\n${other}\nhost: LAB-07\n${csv}\n${topo}`)).toEqual(both)
  })

  it('tells hosts apart by their cards when nothing names them', () => {
    expect(names(`${xml}\n${other}`)).toEqual([
      ['machine-1', 2],
      ['machine-2', 1],
    ])
    const named = readingOf(`${xml}\n${other}`, { hostName: 'lab-07' }).machines.map((machine) => machine.name)
    expect(named).toEqual(['lab-07', 'lab-07-2'])
    expect(readingOf(`${topo}\n${xml}\n${other}`).machines.map((machine) => machine.links.length)).toEqual([1, 0])
    expect(readingOf(`${other}\n${topo.slice(0, 0)}${xml}\n${topo}`).machines.map(({ links }) => links.length)).toEqual(
      [0, 1],
    )
  })

  it('tells equal cards with other UUIDs for another host', () => {
    expect(names(`${xml}\n${xml.replaceAll('GPU-7c1e', 'GPU-8d2f')}`)).toEqual([
      ['machine-1', 2],
      ['machine-2', 2],
    ])
  })

  it('takes the same cards again for the same host', () => {
    expect(
      machineOf(`${xml}\n${xml.replace('<used>412 MiB</used>', '<used>900 MiB</used>')}`).devices[0]!.memoryUsed,
    ).toBe(mebibytes(900))
  })

  it('refuses to guess whether equal cards are another host', () => {
    const plain = 'index, name, memory.total [MiB]\n0, NVIDIA L4, 23034 MiB\n'
    expect(issueOf(`${plain}\n${plain}`)).toMatchObject({ code: 'host-ambiguous', line: 4, section: 2 })
    expect(names(`# a\n${plain}\n# b\n${plain}`)).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    expect(names(`${plain}\n${plain.replace('L4', 'L40')}`)).toHaveLength(2)
    const slots = 'pci.bus_id, name\n00000000:01:00.0, NVIDIA L4\n'
    expect(warningCodes(`${slots}\n${slots}`)).toContain('host-assumed')
  })

  it('refuses one card in two hosts', () => {
    expect(issueOf(`host: a\n${other}\nhost: b\n${other}`)).toMatchObject({ code: 'duplicate-device', line: 89 })
  })

  it('reads a terminal session with commands whose output is no inventory', () => {
    const session = `ann@lab-07:~$ uptime
 18:31:00 up 12 days,  3:02,  1 user,  load average: 0.00, 0.01, 0.05
ann@lab-07:~$ nvidia-smi -q -x
${xml}ann@lab-07:~$ nvidia-smi topo -m
${topo}ann@lab-07:~$ rocm-smi --json
bash: rocm-smi: command not found
ann@lab-07:~$ `
    const machine = machineOf(session)
    expect([machine.name, machine.devices.length, machine.links.length]).toEqual(['lab-07', 2, 1])
    expect(readingOf(session).warnings.map(({ code, line }) => [code, line])).toEqual([
      ['text-skipped', 2],
      ['tool-failed', 169],
    ])
  })

  it('takes no part of a help text for a host or an output', () => {
    const help = `# $ nvidia-smi -h
nvidia-smi [OPTION1 [ARG1]] ...

[mandatory]
CLOCKS:
          --auto-boost-permission=
nvidia-smi --query-gpu=gpu_name --format=csv
"driver_version"
The version of the installed driver.
name
index
`
    const machine = machineOf(`${help}\n# $ nvidia-smi -q -x\n${xml}`)
    expect([machine.name, machine.devices.length]).toEqual(['machine-1', 2])
    expect(warningCodes(`${help}\n# $ nvidia-smi -q -x\n${xml}`)).toEqual(['text-skipped'])
  })

  it('does not skip what looks like a part of an output', () => {
    expect(issueOf(`${xml}\n# the other one\n0, NVIDIA GeForce RTX 4070, 12282 MiB`)).toMatchObject({
      code: 'header-missing',
      line: 163,
    })
    const headless = other.split('\n').slice(7).join('\n')
    expect(issueOf(`${xml}\n# the other one\n${headless}`)).toMatchObject({ code: 'truncated', line: 163 })
  })

  it('reads Markdown fences and comments around outputs', () => {
    expect(machineOf(`# what the new box says\n\n\`\`\`xml\n${xml}\`\`\`\n`).devices).toHaveLength(2)
    const page = `## What it has\n\nAll of it:\n\n\`\`\`\nsome command\n\`\`\`\n\nIt answers:\n\n\`\`\`xml\n${xml}\`\`\`\n`
    expect(machineOf(page).devices).toHaveLength(2)
    expect(warningCodes(page)).toEqual(['text-skipped'])
    expect(machineOf(page.replace('It answers:', '### Response')).name).toBe('machine-1')
  })
})

describe('the section of an issue or a warning', () => {
  it('is the one that its line stands in, or the one that would begin there', () => {
    const lspci = '01:00.0 3D controller [0302]: NVIDIA Corporation GA102GL [A10] [10de:2236] (rev a1)\n'
    const named = csv.replace('uuid', 'name').replaceAll(/GPU-[^,]*/g, 'NVIDIA L4')
    expect(readingOf(`# a\n${named}\n# b\n${lspci}`).warnings).toMatchObject([
      { code: 'memory-unknown', section: 1, format: 'nvidia-smi-csv', line: 3 },
      { code: 'memory-unknown', section: 1, format: 'nvidia-smi-csv', line: 4 },
      { code: 'memory-unknown', section: 2, format: 'lspci', line: 7 },
    ])
    expect(issueOf(`${xml}\nand another`)).toMatchObject({ section: 2, line: 162 })
    expect(issueOf(`# a\n${csv}\n# b\n${csv}`)).toMatchObject({ code: 'duplicate-device', section: 2, line: 7 })
  })
})

describe('what is no inventory', () => {
  it.each([
    ['nothing', '', 'empty', 1],
    ['blank lines', '\n \n\t\n', 'empty', 1],
    ['prose', 'The machine under the stairs\nhas two cards.', 'unrecognised', 1],
    ['prose after an output', `${xml}\nand another one is coming`, 'unrecognised', 162],
    [
      'a driver that is not there',
      'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
      'tool-failed',
      1,
    ],
    ['a machine without cards', 'No devices were found', 'tool-failed', 1],
    ['a missing tool', 'bash: nvidia-smi: command not found', 'tool-failed', 1],
    ['JSON of something else', '{\n  "name": "lab"\n}', 'unrecognised', 1],
    ['a headed line that is no output', '# lab-07\nnothing here', 'unrecognised', 2],
    ['only a comment and prose', '# some notes\nnothing here', 'unrecognised', 2],
    ['a command whose output is missing its head', 'a@b:~$ nvidia-smi -q -x\nsomething else', 'unrecognised', 2],
  ] as const)('refuses %s', (_, text, code, line) => {
    expect(issueOf(text)).toMatchObject({ code, line })
  })

  it('explains itself', () => {
    expect(sentenceOf('The machine under the stairs')).toBe(
      'Line 1: This is no output of a tool that Berth knows: “The machine under the stairs”. Paste what nvidia-smi -q -x or llama-server --list-devices prints.',
    )
    expect(
      sentenceOf(`${xml}\n${csv.replace('index, uuid', 'index').replaceAll(/GPU-[^,]*, /g, '')}extra, cell, here\n`),
    ).toBe(
      'Line 165 (nvidia-smi --query-gpu=… --format=csv): The output is damaged: 3 cells under 2 columns: extra, cell, here.',
    )
  })
})
