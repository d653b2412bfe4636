import { describe, expect, it } from 'vitest'
import type { GgmlType } from '../header/ggml-type.ts'
import { flashAttentionKernel, requestedBytes } from './cuda.ts'
import { flashAttn, inputTensor } from './operations.ts'
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
}: Shape): GraphTensor {
  const k = newTensor(type, [keySize, cells, headsKv, 1], { buffer: 0 })
  const v = newTensor(valueType, [valueSize, cells, headsKv, 1], { buffer: 0 })
  return flashAttn({ q: inputTensor('f32', keySize, queries, heads), k, v, mask: inputTensor('f16', cells, queries) })
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
    // One query over a quantized or ungrouped cache.
    [{ keySize: 128, queries: 1, type: 'q8_0' }, 'VEC'],
    [{ keySize: 128, queries: 1, headsKv: 32 }, 'VEC'],
    [{ keySize: 128, queries: 1 }, 'MMA'],
  ])('%o: %s', (shape, kernel) => expect(flashAttentionKernel(attention(shape))).toBe(kernel))
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
