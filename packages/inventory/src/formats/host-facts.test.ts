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
})
