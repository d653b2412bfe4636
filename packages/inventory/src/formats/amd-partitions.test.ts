import { describe, expect, it } from 'vitest'

import { devicesOf, readingOf, warningCodes } from '../testing/read.ts'

const rocm = (cards: object) => JSON.stringify(cards, null, 2)
const newCard = {
  'Card Series': 'Radeon RX 7900 XTX',
  'Unique ID': '0xa1b2c3d4e5f60718',
  'PCI Bus': '0000:2F:00.0',
  'VRAM Total Memory (B)': '25753026560',
  'GFX Version': 'gfx1100',
}

describe('a card in several parts', () => {
  const part = (change: object = {}) => ({
    ...newCard,
    'Card Series': 'AMD Instinct MI300X',
    'VRAM Total Memory (B)': String(206141652992),
    'VRAM Total Used Memory (B)': '8000',
    'Compute Partition': 'DPX',
    ...change,
  })

  it('has as many devices, each with its share of what is printed of the whole', () => {
    const text = rocm({
      card0: part(),
      card1: part(),
      card2: part({ 'PCI Bus': '0000:65:00.0', 'Unique ID': '0x1234' }),
    })
    const { machines, warnings } = readingOf(text)
    expect(machines[0]!.devices.map(({ id, memoryTotal, memoryUsed }) => [id, memoryTotal, memoryUsed])).toEqual([
      ['pci:00000000:2F:00.0', 103070826496, 4000],
      ['pci:00000000:2F:00.1', 103070826496, 4000],
      ['GPU-0000000000001234', 206141652992, 8000],
    ])
    expect(warnings.map(({ code, detail }) => [code, detail])).toEqual([
      ['partition-shared', 'AMD Instinct MI300X in 2 parts'],
      ['partition-shared', 'AMD Instinct MI300X in 2 parts'],
    ])
  })

  it("keeps functions that the tool counts parts by, and sizes that are a part's own", () => {
    const own = { 'VRAM Total Memory (B)': String(22 * 1024 ** 3), 'Card Series': 'AMD Instinct MI300A' }
    const text = rocm({
      card0: part({ ...own, 'PCI Bus': '0000:01:00.5' }),
      card1: part({ ...own, 'PCI Bus': '0000:01:00.2' }),
    })
    expect(devicesOf(text).map(({ id, memoryTotal }) => [id, memoryTotal])).toEqual([
      ['pci:00000000:01:00.2', 22 * 1024 ** 3],
      ['pci:00000000:01:00.5', 22 * 1024 ** 3],
    ])
    expect(warningCodes(text)).toEqual([])
  })
})
