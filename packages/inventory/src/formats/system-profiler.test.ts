import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, machineOf, warningCodes } from '../testing/read.ts'

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
