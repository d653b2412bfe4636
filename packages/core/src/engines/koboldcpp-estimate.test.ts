import { describe, expect, it } from 'vitest'
import { bytes, GIB, gibibytes, mebibytes, tokens } from '../units.ts'
import { type EstimateInput, estimateLayers } from './koboldcpp-estimate.ts'

/** Llama 3 8B Q4_K_M on an empty card of 6 GiB. */
const llama: EstimateInput = {
  memoryTotal: gibibytes(6),
  memoryFree: gibibytes(6),
  fileSize: bytes(4_920_734_272),
  contextSize: tokens(8192),
  batchSize: tokens(512),
  blockCount: 32,
  headCountKv: 8,
  headLength: 0,
}

// Answers of the same arithmetic, worked through in Python, whose numbers KoboldCpp uses.
const answers: readonly (readonly [what: string, changes: Partial<EstimateInput>, layers: number])[] = [
  ['as it is', {}, 22],
  ['a card of 4 GiB', { memoryTotal: gibibytes(4), memoryFree: gibibytes(4) }, 11],
  ['a card of 24 GiB takes the output layer too', { memoryTotal: gibibytes(24), memoryFree: gibibytes(24) }, 33],
  ['2 GiB held by others', { memoryFree: gibibytes(4) }, 15],
  ['free memory that is not known', { memoryFree: bytes(0) }, 22],
  ['a context of 2048', { contextSize: tokens(2048) }, 30],
  ['a context of 4096', { contextSize: tokens(4096) }, 27],
  ['a context of 6144', { contextSize: tokens(6144) }, 24],
  ['a context of 32768', { contextSize: tokens(32_768) }, 6],
  ['batches of 2048', { batchSize: tokens(2048) }, 10],
  ['heads of another length', { headLength: 256 }, 15],
  ['no heads in the header', { headCountKv: 0 }, 13],
  ['no heads, batches of 1024', { headCountKv: 0, batchSize: tokens(1024) }, 10],
  ['no heads, a context of 6144', { headCountKv: 0, contextSize: tokens(6144) }, 14],
  ['no heads, a context of 4096', { headCountKv: 0, contextSize: tokens(4096) }, 21],
  ['no heads, a context of 2048', { headCountKv: 0, contextSize: tokens(2048) }, 26],
  ['less than nothing', { memoryTotal: gibibytes(1), memoryFree: bytes(1), contextSize: tokens(131_072) }, 0],
  ['three layers', { memoryTotal: mebibytes(1500), memoryFree: mebibytes(1500) }, 3],
  ['two layers, which are none', { memoryTotal: mebibytes(1200), memoryFree: mebibytes(1200) }, 0],
  ['a file too small to look at', { fileSize: bytes(10 * 1024 ** 2) }, 0],
]

describe('estimateLayers', () => {
  it.each(answers)('%s', (_, changes, layers) => {
    expect(estimateLayers({ ...llama, ...changes }).layers).toBe(layers)
  })

  it('tells every term', () => {
    const input = { ...llama, memoryFree: mebibytes(5120) }
    const [compute, cache] = [778_462_822.4, 1_234_803_097.6]
    expect(estimateLayers(input)).toEqual({
      input,
      used: gibibytes(1),
      reserved: gibibytes(1.5),
      contextFactor: 2,
      compute,
      cache,
      shareByFile: (5 * GIB) / (4_920_734_272 * 2 * 1.6),
      shareByCache: (4.5 * GIB - compute) / (4_920_734_272 + cache),
      layers: 21,
    })
  })
})
