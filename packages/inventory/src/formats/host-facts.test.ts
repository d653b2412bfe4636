import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, warningCodes } from '../testing/read.ts'

describe("the host's own facts", () => {
  const meminfo =
    'MemTotal:       131890432 kB\nMemFree:         1200000 kB\nMemAvailable:  118000000 kB\nHugePages_Total:       0\nActive(anon):     100 kB\n'
  const lscpu = `Architecture:                         x86_64
  CPU op-mode(s):                     32-bit, 64-bit
CPU(s):                               32
  On-line CPU(s) list:                0-31
Model name:                           AMD Ryzen Threadripper PRO 5955WX
  Thread(s) per core:                 2
`

  it('reads meminfo and lscpu', () => {
    const machine = machineOf(`# lab-09\n${lscpu}\n${meminfo}`)
    expect(machine).toMatchObject({
      name: 'lab-09',
      hostMemoryTotal: bytes(131890432 * 1024),
      hostMemoryUsed: bytes((131890432 - 118000000) * 1024),
      cpuName: 'AMD Ryzen Threadripper PRO 5955WX',
      cpuCores: 32,
      devices: [],
    })
    expect(warningCodes(`# lab-09\n${meminfo}`)).toEqual(['no-devices'])
    expect(issueOf('MemTotal:  many kB\n')).toMatchObject({ code: 'value-invalid', line: 1, field: 'MemTotal' })
  })

  it('reads Ansible facts, which name their host', () => {
    const facts = JSON.stringify({
      ansible_facts: { ansible_memtotal_mb: 64215, ansible_processor_vcpus: 16, ansible_nodename: 'lab-11' },
    })
    const card = '01:00.0 3D controller [0302]: NVIDIA Corporation GA102GL [A10] [10de:2236] (rev a1)'
    expect(machineOf(facts)).toMatchObject({ name: 'lab-11', hostMemoryTotal: mebibytes(64215), cpuCores: 16 })
    expect(machineOf(`host: lab-11\n${card}\n${facts}`)).toMatchObject({
      hostMemoryTotal: mebibytes(64215),
      devices: [{ index: 0 }],
    })
    expect(issueOf(facts.replace('64215', '"lots"'))).toMatchObject({
      code: 'value-invalid',
      field: 'ansible_facts.ansible_memtotal_mb',
    })
  })

  it('reads what lscpu -J says, nested or not', () => {
    const flat = [
      { field: 'Architecture:', data: 'x86_64' },
      { field: 'CPU(s):', data: '64' },
      { field: 'Model name:', data: 'AMD EPYC 7543' },
    ]
    const nested = [{ field: 'Vendor ID:', data: 'AuthenticAMD', children: flat }]
    for (const lscpu of [flat, nested]) {
      expect(machineOf(`# lab-09\n${JSON.stringify({ lscpu })}\n${meminfo}`)).toMatchObject({
        cpuName: 'AMD EPYC 7543',
        cpuCores: 64,
        hostMemoryTotal: bytes(131890432 * 1024),
      })
    }
  })

  const row = (total: string, available: string) =>
    `               total        used        free      shared  buff/cache   available\nMem:  ${total}  1  1  1  1  ${available}\nSwap:  0  0  0\n`
  it.each([
    ['free -h', '125Gi', '100Gi', 125 * 1024, 25 * 1024],
    ['free -m', '128803', '100000', 128803, 28803],
    ['free -g', '125', '100', 125 * 1024, 25 * 1024],
    ['free', '131894272', '102400000', 128803, 28803],
    ['free -b', '135059734528', '104857600000', 128803, 28803],
  ])('reads %s, with and without the command above it', (command, total, available, mib, used) => {
    for (const heading of [`ann@lab-09:~$ ${command}`, '# lab-09']) {
      expect(machineOf(`${heading}\n${row(total, available)}`)).toMatchObject({
        name: 'lab-09',
        hostMemoryTotal: mebibytes(mib),
        hostMemoryUsed: mebibytes(used),
      })
    }
  })

  it('names the line of a row of free that says nothing', () => {
    expect(issueOf(row('lots', '1'))).toMatchObject({ code: 'value-invalid', format: 'free', line: 2, field: 'Mem' })
  })
})
