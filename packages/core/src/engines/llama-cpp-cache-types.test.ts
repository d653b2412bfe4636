import { describe, expect, it } from 'vitest'
import type { Backend } from '../machine/machine.ts'
import { requestDefaults } from '../memory/settings.ts'
import { llama8b, llamaModel } from '../placement/fixtures.ts'
import { cachePairs } from './llama-cpp-cache-types.ts'

const heads128 = llamaModel(llama8b)
/** Heads of 80: no vector kernel. */
const heads80 = llamaModel({ ...llama8b, embedding: 2560, heads: 32, headsKv: 32 })

const pairs = (model = heads128, backend: Backend = 'cuda', flashAttention: 'auto' | 'off' = 'auto') =>
  cachePairs(model, { ...requestDefaults, flashAttention }, backend).map(
    ({ cacheTypeK, cacheTypeV }) => `${cacheTypeK}/${cacheTypeV}`,
  )

describe('cachePairs', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'CUDA reads equal pairs that a default build has kernels for',
      pairs(),
      ['f16/f16', 'bf16/bf16', 'q8_0/q8_0', 'q4_0/q4_0'],
    ],
    [
      'without a kernel for the head size all are converted alike',
      pairs(heads80),
      ['f16/f16', 'bf16/bf16', 'q8_0/q8_0', 'q5_1/q5_1', 'q5_0/q5_0', 'q4_1/q4_1', 'q4_0/q4_0'],
    ],
    ['ROCm is the same code', pairs(heads128, 'rocm'), pairs()],
    ['Metal wants equal types', pairs(heads128, 'metal'), pairs(heads80)],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected))

  it('mixes types on Vulkan, BF16 with itself only', () => {
    const found = pairs(heads128, 'vulkan')
    expect(found).toEqual(expect.arrayContaining(['q8_0/q4_0', 'f16/iq4_nl', 'bf16/bf16']))
    expect(found).not.toContain('bf16/f16')
  })

  it('mixes types on SYCL, whose kernels know no iq4_nl', () => {
    const found = pairs(heads128, 'sycl')
    expect(found).toContain('q8_0/q4_0')
    expect(found.some((pair) => pair.includes('iq4_nl'))).toBe(false)
  })

  it('leaves values unquantized without flash attention', () => {
    const found = pairs(heads128, 'cuda', 'off')
    expect(found).toContain('q4_0/f16')
    expect(found.every((pair) => /\/(?:f32|f16|bf16)$/.test(pair))).toBe(true)
  })
})
