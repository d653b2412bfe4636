import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const measured = (size: number) => ({ bytes: bytes(size), provenance: 'measured' })

const rocm = (cards: object) =>
  JSON.stringify(
    { ...cards, system: { 'Driver version': '6.8.5', '(Topology) Link type between DRM devices 0 and 1': 'PCIE' } },
    null,
    4,
  )
const newCard = {
  'Device Name': 'Radeon RX 7900 XTX',
  'Device ID': '0x744c',
  'Unique ID': '0xa1b2c3d4e5f60718',
  'pcie clock level': '1 (16.0GT/s x16)',
  'Max Graphics Package Power (W)': '339.0',
  'PCI Bus': '0000:2F:00.0',
  'VRAM Total Memory (B)': '25753026560',
  'VRAM Total Used Memory (B)': '27926528',
  'Card Series': 'N/A',
  'Card Model': '0x744c',
  'GFX Version': 'gfx1100',
}
const oldCard = {
  'Unique ID': 'a1b2c3d4e5f6071',
  'Card series': 'Vega 20',
  'PCI Bus': '0000:03:00.0',
  'vram Total Memory (B)': '17163091968',
  'vram Total Used Memory (B)': '19095552',
  'vis_vram Total Memory (B)': '268435456',
}

describe('rocm-smi --json', () => {
  it('reads fields of newer and older releases, in bus order', () => {
    const { machines, warnings } = readingOf(rocm({ card1: newCard, card0: oldCard }))
    expect(warnings).toEqual([])
    expect(machines[0]!.driverVersion).toBe('6.8.5')
    expect(machines[0]!.devices).toEqual([
      {
        id: 'GPU-0a1b2c3d4e5f6071',
        index: 0,
        name: 'Vega 20',
        backend: 'rocm',
        memoryTotal: bytes(17163091968),
        memory: { reported: measured(17163091968) },
        memoryUsed: bytes(19095552),
        unified: false,
        uuid: 'GPU-0a1b2c3d4e5f6071',
        pciBusId: '00000000:03:00.0',
      },
      {
        id: 'GPU-a1b2c3d4e5f60718',
        index: 1,
        name: 'Radeon RX 7900 XTX',
        backend: 'rocm',
        memoryTotal: bytes(25753026560),
        memory: { reported: measured(25753026560) },
        memoryUsed: bytes(27926528),
        unified: false,
        uuid: 'GPU-a1b2c3d4e5f60718',
        pciBusId: '00000000:2F:00.0',
        architecture: 'gfx1100',
        pcie: { generation: 4, width: 16 },
        powerLimitWatts: 339,
      },
    ])
  })

  it('knows graphics on the processor, and cards without names', () => {
    const apu = { 'Card series': 'AMD Radeon Graphics', 'GFX Version': 'gfx1103', 'VRAM Total Memory (B)': '536870912' }
    expect(devicesOf(rocm({ card0: apu }))[0]).toMatchObject({ unified: true, name: 'AMD Radeon Graphics' })
    expect(warningCodes(rocm({ card0: { 'Card model': '0xc1e', 'PCI Bus': '0000:03:00.0' } }))).toEqual([
      'name-unknown',
      'memory-unknown',
    ])
  })

  it('joins what llama.cpp sees of the same card', () => {
    const list = 'Available devices:\n  ROCm0: AMD Radeon RX 7900 XTX (24560 MiB, 24510 MiB free)\n'
    expect(devicesOf(`${rocm({ card0: newCard })}\n${list}`)).toMatchObject([
      { name: 'Radeon RX 7900 XTX', memory: { runtime: { bytes: mebibytes(24560) } }, memoryUsed: bytes(27926528) },
    ])
  })

  it('reads past the warning that comes before the JSON', () => {
    const text = `WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status\n\n${rocm({ card0: newCard })}`
    expect(devicesOf(text)).toHaveLength(1)
    expect(warningCodes(text)).toEqual(['text-skipped'])
  })

  it('refuses a size that is none, and names its line', () => {
    const text = rocm({ card0: { ...newCard, 'VRAM Total Memory (B)': 'all' } })
    expect(issueOf(text)).toMatchObject({ code: 'value-invalid', line: 9, field: 'card0.VRAM Total Memory (B)' })
    expect(issueOf(rocm({ card0: 'x' }))).toMatchObject({ code: 'malformed', field: 'card0', line: 2 })
  })
})

const amdGpu = {
  gpu: 0,
  asic: { market_name: 'AMD Instinct MI300X', vendor_id: '0x1002', target_graphics_version: 'gfx942' },
  bus: { bdf: '0000:05:00.0', max_pcie_width: 16, max_pcie_speed: { value: 32, unit: 'GT/s' } },
  limit: { max_power: { value: 750, unit: 'W' } },
  driver: { name: 'amdgpu', version: '6.10.5' },
  vram: { type: 'HBM3', size: { value: 196592, unit: 'MB' } },
}

describe('amd-smi static', () => {
  const expected = {
    id: 'pci:00000000:05:00.0',
    index: 0,
    name: 'AMD Instinct MI300X',
    backend: 'rocm',
    memoryTotal: mebibytes(196592),
    memory: { reported: { bytes: mebibytes(196592), provenance: 'measured' } },
    unified: false,
    pciBusId: '00000000:05:00.0',
    architecture: 'gfx942',
    pcie: { generationMax: 5, widthMax: 16 },
    powerLimitWatts: 750,
  }

  it.each([
    ['a bare list', JSON.stringify([amdGpu], null, 2)],
    ['gpu_data', JSON.stringify({ gpu_data: [amdGpu] }, null, 2)],
    [
      'text',
      `GPU: 0
    ASIC:
        MARKET_NAME: AMD Instinct MI300X
        VENDOR_ID: 0x1002
        TARGET_GRAPHICS_VERSION: gfx942
    BUS:
        BDF: 0000:05:00.0
        MAX_PCIE_WIDTH: 16
        MAX_PCIE_SPEED: 32 GT/s
    LIMIT:
        MAX_POWER: 750 W
    DRIVER:
        NAME: amdgpu
        VERSION: 6.10.5
    VRAM:
        TYPE: HBM3
        SIZE: 196592 MB
`,
    ],
  ])('reads %s', (_, text) => {
    expect(machineOf(text)).toMatchObject({ driverVersion: '6.10.5', devices: [expected] })
    expect(machineOf(text).devices[0]).toEqual(expected)
  })

  it('says when memory is not told, as on MI300A', () => {
    for (const size of ['N/A', { value: 0, unit: 'MB' }]) {
      expect(warningCodes(JSON.stringify([{ ...amdGpu, vram: { size } }]))).toEqual(['memory-unknown'])
    }
    expect(issueOf(JSON.stringify([{ ...amdGpu, vram: { size: 'much' } }]))).toMatchObject({
      field: 'vram/size',
      line: 1,
    })
  })
})

const apple = JSON.stringify({
  SPDisplaysDataType: [
    {
      _name: 'Apple M2 Ultra',
      sppci_cores: '76',
      sppci_model: 'Apple M2 Ultra',
      spdisplays_vendor: 'sppci_vendor_Apple',
    },
  ],
})

describe('macOS', () => {
  it('joins system_profiler, sysctl and --list-devices', () => {
    const text = `mini@studio ~ % system_profiler SPDisplaysDataType -json
${apple}
mini@studio ~ % sysctl hw
hw.ncpu: 24
hw.memsize: 206158430208
machdep.cpu.brand_string: Apple M2 Ultra
mini@studio ~ % llama-server --list-devices
Available devices:
  MTL0: Apple M2 Ultra (147456 MiB, 147456 MiB free)
`
    expect(machineOf(text)).toEqual({
      id: 'studio',
      name: 'studio',
      os: 'macos',
      hostMemoryTotal: bytes(206158430208),
      cpuName: 'Apple M2 Ultra',
      cpuCores: 24,
      links: [],
      devices: [
        {
          id: 'studio/gpu0',
          index: 0,
          name: 'Apple M2 Ultra',
          backend: 'metal',
          memoryTotal: mebibytes(147456),
          memory: { runtime: { bytes: mebibytes(147456), provenance: 'measured' } },
          memoryUsed: bytes(0),
          unified: true,
        },
      ],
    })
  })

  it('does not guess the budget of Apple silicon, and reads the memory of a card', () => {
    expect(warningCodes(apple)).toEqual(['memory-unknown'])
    const card = JSON.stringify({
      SPDisplaysDataType: [{ sppci_model: 'Radeon Pro W6800X', spdisplays_vram: '32 GB' }],
    })
    expect(devicesOf(card)[0]).toMatchObject({ memoryTotal: mebibytes(32768), unified: false, backend: 'metal' })
  })
})

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
    expect(machineOf(facts)).toMatchObject({ name: 'lab-11', hostMemoryTotal: mebibytes(64215), cpuCores: 16 })
    expect(machineOf(`host: lab-11\n${rocm({ card0: newCard })}\n${facts}`)).toMatchObject({
      hostMemoryTotal: mebibytes(64215),
      devices: [{ index: 0 }],
    })
    expect(issueOf(facts.replace('64215', '"lots"'))).toMatchObject({
      code: 'value-invalid',
      field: 'ansible_facts.ansible_memtotal_mb',
    })
  })
})
