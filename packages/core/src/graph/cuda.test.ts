import { describe, expect, it } from 'vitest'
import type { GgmlType } from '../header/ggml-type.ts'
import { cudaSupports, flashAttentionKernel, requestedBytes } from './cuda.ts'
import { flashAttn, getRows, inputTensor, mulMatId, result } from './operations.ts'
import { type GraphTensor, newTensor } from './tensor.ts'

interface Shape {
  readonly keySize: number
  readonly valueSize?: number
  readonly heads?: number
  readonly headsKv?: number
  readonly queries?: number
  readonly cells?: number
  readonly type?: GgmlType
  readonly valueType?: GgmlType
  readonly alibi?: true
}

function attention({
  keySize,
  valueSize = keySize,
  heads = 32,
  headsKv = 8,
  queries = 512,
  cells = 4096,
  type = 'f16',
  valueType = type,
  alibi,
}: Shape): GraphTensor {
  const k = newTensor(type, [keySize, cells, headsKv, 1], { buffer: 0 })
  const v = newTensor(valueType, [valueSize, cells, headsKv, 1], { buffer: 0 })
  const mask = inputTensor('f16', cells, queries)
  return flashAttn({ q: inputTensor('f32', keySize, queries, heads), k, v, mask, ...(alibi && { alibi }) })
}

describe('flashAttentionKernel', () => {
  it.each<[Shape, string | undefined]>([
    [{ keySize: 128 }, 'MMA'],
    [{ keySize: 64 }, 'MMA'],
    [{ keySize: 40 }, 'TILE'],
    [{ keySize: 72 }, 'TILE'],
    [{ keySize: 80 }, 'MMA'],
    [{ keySize: 256 }, 'MMA'],
    // No kernel for this head size on any device.
    [{ keySize: 160 }, undefined],
    [{ keySize: 128, valueSize: 64 }, undefined],
    // Latent attention: only where queries are grouped and cells are whole blocks of 256.
    [{ keySize: 576, valueSize: 512, heads: 128, headsKv: 1 }, 'MMA'],
    [{ keySize: 576, valueSize: 512, heads: 128, headsKv: 1, cells: 4000 }, undefined],
    [{ keySize: 576, valueSize: 512, heads: 1, headsKv: 1 }, undefined],
    [{ keySize: 192, valueSize: 128, heads: 128, headsKv: 16 }, 'MMA'],
    [{ keySize: 192, valueSize: 128, heads: 96, headsKv: 16 }, undefined],
    // Slopes of ALiBi are one a head: queries of one group cannot share a mask.
    [{ keySize: 128, alibi: true }, 'MMA'],
    [{ keySize: 128, queries: 1, alibi: true }, 'VEC'],
    [{ keySize: 192, valueSize: 128, heads: 128, headsKv: 16, alibi: true }, undefined],
    // No kernel reads this cache type.
    [{ keySize: 128, type: 'iq4_nl', valueType: 'f16' }, undefined],
    [{ keySize: 128, valueType: 'iq4_nl' }, undefined],
    // One query over a quantized or ungrouped cache.
    [{ keySize: 128, queries: 1, type: 'q8_0' }, 'VEC'],
    [{ keySize: 128, queries: 1, headsKv: 32 }, 'VEC'],
    [{ keySize: 128, queries: 1 }, 'MMA'],
  ])('%o: %s', (shape, kernel) => expect(flashAttentionKernel(attention(shape))).toBe(kernel))
})

describe('cudaSupports', () => {
  const weight = (type: GgmlType, columns: number) => newTensor(type, [columns, 1000, 8, 1])
  const numbers = (...ne: readonly number[]) => inputTensor('i32', ...ne)
  const rows = (type: GgmlType, columns: number) => getRows(weight(type, columns), numbers(16))
  const experts = (fullPrecision: boolean) =>
    mulMatId(weight('q4_K', 512), inputTensor('f32', 512, 1, 16), numbers(2, 16), fullPrecision)
  const indexer = (size: number, heads: number, type: GgmlType = 'f16') =>
    result(
      'LIGHTNING_INDEXER',
      'f32',
      [256, 16],
      [inputTensor('f32', size, heads, 16), newTensor(type, [size, 1, 256, 1])],
    )

  it.each<[string, GraphTensor, boolean]>([
    ['rows of IQ4_NL in whole blocks of 256', rows('iq4_nl', 512), true],
    ['rows of IQ4_NL that are no whole blocks of 256', rows('iq4_nl', 96), false],
    ['rows of MXFP4 that are no whole blocks of 256', rows('mxfp4', 96), false],
    ['rows of Q8_0, whatever their length', rows('q8_0', 96), true],
    ['experts', experts(false), true],
    ['experts that must be read in F32', experts(true), false],
    ['an indexer of 64 heads', indexer(128, 64), true],
    ['an indexer of 16 heads', indexer(128, 16), false],
    ['an indexer of heads of 64', indexer(64, 32), false],
    ['an indexer over IQ4_NL', indexer(128, 64, 'iq4_nl'), false],
  ])('for %s', (_, operation, expected) => expect(cudaSupports(operation, 0, 1)).toBe(expected))
})

describe('requestedBytes', () => {
  const result = 128 * 32 * 512 * 4
  const copy = 128 * 4096 * 8 * 2

  it.each<[string, Shape, number]>([
    ['nothing for F16', { keySize: 128 }, result],
    ['F16 copies of both for a quantized cache', { keySize: 128, type: 'q8_0' }, result + 2 * copy],
    ['a copy of V alone where only V is quantized', { keySize: 128, valueType: 'q4_0' }, result + copy],
    ['copies for BF16', { keySize: 128, type: 'bf16' }, result + 2 * copy],
    [
      'nothing for one query that the VEC kernel reads as it is',
      { keySize: 128, type: 'q8_0', queries: 1 },
      result / 512,
    ],
    [
      'copies for one query over mixed types',
      { keySize: 128, type: 'q8_0', valueType: 'q4_0', queries: 1 },
      result / 512 + 2 * copy,
    ],
  ])('asks for %s', (_, shape, expected) => expect(requestedBytes(attention(shape), true)).toBe(expected))

  it('asks the host for no more than the tensor', () => {
    expect(requestedBytes(attention({ keySize: 128, type: 'q8_0' }), false)).toBe(result)
  })

  it('pads quantized rows to 512 columns on a device', () => {
    const weight = newTensor('q4_K', [768, 10, 1, 1])
    expect(requestedBytes(weight, true) - requestedBytes(weight, false)).toBe(144)
  })
})
