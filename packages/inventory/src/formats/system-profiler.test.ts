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
          computeUnits: 76,
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

  it("reads the host's memory and processor beside its graphics", () => {
    const whole = JSON.stringify({
      ...JSON.parse(apple),
      SPHardwareDataType: [
        {
          chip_type: 'Apple M2 Ultra',
          number_processors: 'proc 24:16:8',
          physical_memory: '192 GB',
          serial_number: 'C02X',
        },
      ],
    })
    expect(machineOf(whole)).toMatchObject({
      hostMemoryTotal: mebibytes(192 * 1024),
      cpuName: 'Apple M2 Ultra',
      cpuCores: 24,
      devices: [{ name: 'Apple M2 Ultra', unified: true }],
    })
    expect(JSON.stringify(machineOf(whole))).not.toContain('C02X')
  })

  it.each([
    ['iogpu.wired_limit_mb: 180000\n', 180000],
    // 0: nobody has set it.
    ['iogpu.wired_limit_mb: 0\n', undefined],
    ['$ sysctl -n iogpu.wired_limit_mb\n180000\n$ sysctl -n hw.memsize\n206158430208\n', 180000],
  ])('takes %j for what Metal was allowed', (sysctl, mib) => {
    const memory = mib === undefined ? {} : { runtime: { bytes: mebibytes(mib), provenance: 'measured' } }
    expect(machineOf(`# studio\n${apple}\n${sysctl}`).devices).toMatchObject([
      { name: 'Apple M2 Ultra', memory, memoryTotal: mebibytes(mib ?? 0) },
    ])
    // What a process was told by Metal is nearer to the truth.
    const list = 'Available devices:\n  MTL0: Apple M2 Ultra (147456 MiB, 147456 MiB free)\n'
    expect(devicesOf(`# studio\n${apple}\n${sysctl}\n${list}`)[0]!.memoryTotal).toBe(mebibytes(147456))
  })
})
