import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { llamaModel } from '../../placement/fixtures.ts'
import { slicesOf } from './slices.ts'

/** Llama 3 8B: 32 heads over 8 KV heads of 128. */
const model = llamaModel({ blocks: 4, embedding: 4096, feedForward: 14336, heads: 32, headsKv: 8, vocabulary: 128256 })
const over = (deviceCount: number, shares: readonly number[] = []) => ({ deviceCount, shares })
const tensor = (stem: string, shape: readonly number[], il = 0) => ({ stem, shape, type: 'q4_K' as const, il })

describe('slicesOf', () => {
  it.each([
    ['attn_q.weight', [4096, 4096], 1, [2048, 2048]],
    ['attn_k.weight', [4096, 1024], 1, [512, 512]],
    ['attn_output.weight', [4096, 4096], 0, [2048, 2048]],
    ['ffn_up.weight', [4096, 14336], 1, [7168, 7168]],
    ['ffn_down.weight', [14336, 4096], 0, [7168, 7168]],
    ['cache_k', [1024, 8192], 0, [512, 512]],
  ])('cuts %s in two', (stem, shape, axis, elements) => {
    expect(slicesOf(model, tensor(stem, shape), over(2))).toEqual({ axis, elements })
  })

  it.each([
    ['attn_norm.weight', [4096]],
    ['ffn_norm.weight', [4096]],
    ['attn_q_norm.weight', [128]],
  ])('mirrors %s', (stem, shape) => {
    expect(slicesOf(model, tensor(stem, shape), over(4))).toBeUndefined()
  })

  it('gives the remainder to another device in every block', () => {
    const of = (il: number) => slicesOf(model, tensor('ffn_up.weight', [4096, 14336], il), over(3))?.elements
    expect(of(0)).toEqual([4608, 4864, 4864])
    expect(of(1)).toEqual([4864, 4608, 4864])
    expect(of(2)).toEqual([4864, 4864, 4608])
  })

  it('loses no element and cuts by whole groups of heads', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(shares, fc.integer({ min: 0, max: 3 }), (given, il) => {
        const { elements } = slicesOf(model, tensor('attn_k.weight', [4096, 1024], il), over(given.length, given))!
        expect(elements.reduce((sum, count) => sum + count, 0)).toBe(1024)
        expect(elements.every((count) => count >= 0 && count % 128 === 0)).toBe(true)
      }),
    )
  })
})
