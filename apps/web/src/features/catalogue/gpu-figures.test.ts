import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { bandwidthOf, flopsOf, largestNominal, nominalMemory, suggestedName } from './gpu-figures.ts'

const sold = (...sizes: readonly number[]) => ({ memoryNominal: sizes.map((size) => gibibytes(size)) })

describe('figures of the catalogue', () => {
  it('are written as data sheets do', () => {
    expect(bandwidthOf(1008.4e9)).toBe('1,008 GB/s')
    expect(flopsOf(71e12)).toBe('71.0 TFLOPS')
    expect(nominalMemory(sold(24))).toBe('24.00 GiB')
    expect(nominalMemory(sold(64, 128, 192))).toBe('64.00 GiB, 128.00 GiB or 192.00 GiB')
    expect(largestNominal(sold(64, 192, 128))).toBe(gibibytes(192))
  })
})

describe('suggestedName', () => {
  it.each([
    [[], ''],
    [[['NVIDIA GeForce RTX 3090', 2]], '2 × RTX 3090'],
    [
      [
        ['Tesla T4', 1],
        ['AMD Radeon RX 7900 XTX', 2],
      ],
      'Tesla T4, 2 × RX 7900 XTX',
    ],
    [[['Intel(R) Arc(TM) B580 Graphics', 1]], 'Arc B580 Graphics'],
    [[['AMD Radeon 780M', 1]], 'Radeon 780M'],
    [[['Apple M2 Ultra', 1]], 'Apple M2 Ultra'],
  ] as const)('%j', (gpus, expected) => {
    expect(suggestedName(gpus.map(([name, count]) => ({ gpu: { name }, count })))).toBe(expected)
  })
})
