import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf } from '../testing/read.ts'

const rocm = (cards: object) => JSON.stringify(cards, null, 2)
const newCard = {
  'Card Series': 'Radeon RX 7900 XTX',
  'Unique ID': '0xa1b2c3d4e5f60718',
  'PCI Bus': '0000:2F:00.0',
  'VRAM Total Memory (B)': '25753026560',
  'GFX Version': 'gfx1100',
}

describe('graphics on the processor', () => {
  const GIB = 1024 ** 3
  const apu = (vram: number, gtt?: number) => ({
    'Card Series': 'AMD Radeon Graphics',
    'GFX Version': 'gfx1151',
    'VRAM Total Memory (B)': String(vram * GIB),
    'VRAM Total Used Memory (B)': '1000',
    ...(gtt === undefined ? {} : { 'GTT Total Memory (B)': String(gtt * GIB), 'GTT Total Used Memory (B)': '2000' }),
  })

  it.each([
    // Firmware's set-aside, GTT; what a process gets, how much of it is used, and whether it is the host's memory.
    [0.5, 62, 62, 2000, true],
    [96, 16, 96, 1000, false],
    [16, 56, 56, 2000, true],
    // Without GTT, little was set aside for the display, and much for models.
    [0.5, undefined, undefined, undefined, true],
    [96, undefined, 96, 1000, false],
  ])('with %s GiB set aside and GTT of %s GiB', (vram, gtt, reported, used, unified) => {
    const [device] = devicesOf(rocm({ card0: apu(vram, gtt) }))
    expect([device!.memory.reported?.bytes, device!.memoryUsed, device!.unified]).toEqual([
      reported === undefined ? undefined : reported * GIB,
      used,
      unified,
    ])
  })

  it("plans with what a process sees where only the display's share was printed", () => {
    const list = 'Available devices:\n  ROCm0: AMD Radeon Graphics (98304 MiB, 98000 MiB free)\n'
    expect(devicesOf(`${rocm({ card0: apu(0.5) })}\n${list}`)).toMatchObject([
      { unified: true, memoryTotal: mebibytes(98304), memory: { runtime: { bytes: mebibytes(98304) } } },
    ])
  })

  it('is one memory on an MI300A', () => {
    const card = { ...newCard, 'Card Series': 'AMD Instinct MI300A', 'GFX Version': 'gfx942' }
    expect(devicesOf(rocm({ card0: card }))[0]).toMatchObject({ unified: true, memoryTotal: bytes(25753026560) })
  })
})
