import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, warningCodes } from '../testing/read.ts'

const text = `Graphics/Displays:

    AMD Radeon Pro W6800X:

      Chipset Model: AMD Radeon Pro W6800X
      Type: GPU
      Bus: Slot-1
      PCIe Lane Width: x16
      VRAM (Total): 32 GB
      Vendor: AMD (0x1002)
      Displays:
        Studio Display:
          Resolution: 5120 x 2880

    Intel UHD Graphics 630:

      Chipset Model: Intel UHD Graphics 630
      VRAM (Dynamic, Max): 1536 MB
`

describe('system_profiler as text', () => {
  it('is read with memory and slot', () => {
    const memory = (size: number) => ({ reported: { bytes: size, provenance: 'measured' } })
    const card = { backend: 'metal', memoryTotal: gibibytes(32), memory: memory(gibibytes(32)), unified: false }
    const shared = { ...card, memoryTotal: gibibytes(1.5), memory: memory(gibibytes(1.5)), unified: true }
    expect(machineOf(text, { hostName: 'mac' })).toEqual({
      id: 'mac',
      name: 'mac',
      os: 'macos',
      devices: [
        { ...card, id: 'mac/gpu0', index: 0, name: 'AMD Radeon Pro W6800X', pcie: { width: 16 } },
        { ...shared, id: 'mac/gpu1', index: 1, name: 'Intel UHD Graphics 630' },
      ],
      links: [],
    })
  })

  it('does not guess the budget of Apple silicon, and refuses what is no size', () => {
    const apple =
      'Graphics/Displays:\n\n    Apple M3 Max:\n\n      Chipset Model: Apple M3 Max\n      Total Number of Cores: 40\n'
    expect(machineOf(apple).devices).toMatchObject([
      { name: 'Apple M3 Max', computeUnits: 40, unified: true, memoryTotal: 0 },
    ])
    expect(warningCodes(apple)).toEqual(['memory-unknown'])
    expect(issueOf(text.replace('32 GB', 'much'))).toMatchObject({
      code: 'value-invalid',
      line: 9,
      field: 'vram_total',
    })
  })

  it('is read with the overview of the host, but not its serial number', () => {
    const hardware = `Hardware:

    Hardware Overview:

      Model Name: Mac Studio
      Chip: Apple M2 Ultra
      Total Number of Cores: 24 (16 performance and 8 efficiency)
      Memory: 192 GB
      Serial Number (system): C02XXXXXXXXX
`
    const apple = 'Graphics/Displays:\n\n    Apple M2 Ultra:\n\n      Chipset Model: Apple M2 Ultra\n'
    for (const text of [`${hardware}\n${apple}`, `${apple}\n${hardware}`]) {
      expect(machineOf(text)).toMatchObject({
        os: 'macos',
        hostMemoryTotal: gibibytes(192),
        cpuName: 'Apple M2 Ultra',
        cpuCores: 24,
        devices: [{ name: 'Apple M2 Ultra' }],
      })
      expect(JSON.stringify(machineOf(text))).not.toContain('C02')
    }
  })
})
