import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const plain = `00:00.0 Host bridge: Advanced Micro Devices, Inc. [AMD] Starship/Matisse Root Complex
00:02.0 VGA compatible controller: Intel Corporation RocketLake-S GT1 [UHD Graphics 750] (rev 04)
01:00.0 VGA compatible controller: NVIDIA Corporation AD102 [GeForce RTX 4090] (rev a1)
01:00.1 Audio device: NVIDIA Corporation AD102 High Definition Audio Controller (rev a1)
0003:21:00.0 3D controller: NVIDIA Corporation GA102GL [A10] (rev a1)
47:00.0 VGA compatible controller: Advanced Micro Devices, Inc. [AMD/ATI] Navi 31 [Radeon RX 7900 XT/7900 XTX] (rev c8)
63:00.0 VGA compatible controller: ASPEED Technology, Inc. ASPEED Graphics Family (rev 52)
`
const numbers = `01:00.0 VGA compatible controller [0300]: NVIDIA Corporation AD102 [GeForce RTX 4090] [10de:2684] (rev a1)
\tSubsystem: Gigabyte Technology Co., Ltd Device [1458:40bf]
\tKernel driver in use: nvidia
0003:21:00.0 3D controller [0302]: NVIDIA Corporation GA102GL [A10] [10de:2236] (rev a1)
`
const quoted = `01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "AD102 [GeForce RTX 4090] [2684]" -ra1 "Gigabyte [1458]" "Device [40bf]"
0003:21:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "GA102GL [A10] [2236]" -ra1 "" ""
02:00.0 "Ethernet controller [0200]" "Intel Corporation [8086]" "I210 [1533]" -r03 "" ""
`
const fields = `Slot:\t01:00.0
Class:\tVGA compatible controller
Vendor:\tNVIDIA Corporation
Device:\tAD102 [GeForce RTX 4090]
Rev:\ta1

Slot:\t0003:21:00.0
Class:\t3D controller
Vendor:\tNVIDIA Corporation
Device:\tGA102GL [A10]
`
const known = [
  { name: 'NVIDIA GeForce RTX 4090', backend: 'cuda', pciBusId: '00000000:01:00.0', unified: false },
  { name: 'NVIDIA A10', backend: 'cuda', pciBusId: '00000003:21:00.0', unified: false },
]

describe('lspci', () => {
  it.each([
    ['-nn -k', numbers],
    ['-mm -nn', quoted],
    ['-vmm', fields],
  ])('reads %s', (_, text) => {
    expect(devicesOf(text)).toMatchObject(known)
    expect(devicesOf(text)).toHaveLength(2)
    expect(warningCodes(text)).toEqual(['memory-unknown', 'memory-unknown'])
  })

  it('knows vendors by name, and graphics on the processor', () => {
    expect(devicesOf(plain)).toMatchObject([
      { name: 'Intel UHD Graphics 750', backend: 'sycl', unified: true },
      known[0],
      { name: 'AMD Radeon RX 7900 XT/7900 XTX', backend: 'rocm', unified: false },
      known[1],
    ])
    expect(readingOf(plain).warnings[0]).toMatchObject({ code: 'backend-ignored', line: 7 })
  })

  it('is joined by bus id with tools that know the memory', () => {
    const smi =
      'name, pci.bus_id, memory.total [MiB]\nNVIDIA GeForce RTX 4090, 00000000:01:00.0, 24564 MiB\nNVIDIA A10, 00000003:21:00.0, 23028 MiB\n'
    expect(machineOf(`${numbers}\n${smi}`).devices).toMatchObject([
      { pciBusId: known[0]!.pciBusId, memoryTotal: 24564 * 2 ** 20 },
      { pciBusId: known[1]!.pciBusId, memoryTotal: 23028 * 2 ** 20 },
    ])
  })

  it('says that a host has no card, and refuses too many', () => {
    expect(warningCodes('02:00.0 Ethernet controller: Intel Corporation I210 (rev 03)\n')).toEqual(['no-devices'])
    const many = Array.from(
      { length: 129 },
      (_, at) => `0000:${at.toString(16).padStart(2, '0')}:00.0 3D controller: NVIDIA Corporation GB200`,
    )
    expect(issueOf(many.join('\n'))).toMatchObject({ code: 'limit-exceeded', limit: 128, format: 'lspci' })
    expect(issueOf(`${plain}${plain}`)).toMatchObject({ code: 'duplicate-device' })
  })
})
