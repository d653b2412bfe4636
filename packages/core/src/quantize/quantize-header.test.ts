import { describe, expect, it } from 'vitest'
import type { GgmlType } from '../header/ggml-type.ts'
import type { GgufHeader } from '../header/header.ts'
import { type Mix, mixNames } from './mix.ts'
import { mixFileBytes, quantizeHeader, tensorDataBytes } from './quantize-header.ts'
import { vector, headerOf, llama, llama31With8B, llama2With7B, mixtral, qwen25With72B } from './fixtures.ts'

const typeOf = (header: GgufHeader, name: string): GgmlType | undefined =>
  header.tensors.find((tensor) => tensor.name === name)?.type

describe('quantizeHeader', () => {
  const hybrid = headerOf({
    architecture: 'jamba',
    blocks: 16,
    embedding: 4096,
    feedForward: 14336,
    heads: 32,
    headsKv: Array.from({ length: 16 }, (_, block) => (block % 8 === 4 ? 8 : 0)),
    vocab: 65536,
  })

  it('says which mix it is and drops what is said of shards', () => {
    const { metadata } = quantizeHeader(llama2With7B, 'Q4_K_M')
    expect(metadata['general.file_type']).toBe(15)
    expect(metadata['general.quantization_version']).toBe(2)
    expect(metadata).not.toHaveProperty('split.count')
    expect(metadata['llama.block_count']).toBe(32)
  })

  it('lists tensors by block number, then by name, as the file does', () => {
    const names = quantizeHeader(llama2With7B, 'Q4_0').tensors.map(({ name }) => name)
    expect(names.slice(0, 4)).toEqual([
      'output.weight',
      'output_norm.weight',
      'token_embd.weight',
      'blk.0.attn_k.weight',
    ])
    expect(names.indexOf('blk.2.attn_k.weight')).toBeLessThan(names.indexOf('blk.10.attn_k.weight'))
  })

  it('does not depend on the order of the tensors it is given', () => {
    const reversed = { ...mixtral, tensors: mixtral.tensors.toReversed() }
    expect(quantizeHeader(reversed, 'Q4_K_M')).toEqual(quantizeHeader(mixtral, 'Q4_K_M'))
  })

  it.each(mixNames)('makes whole blocks of every row in %s', (mix) => {
    const bytes = mixFileBytes(qwen25With72B, mix)
    expect(Number.isSafeInteger(bytes)).toBe(true)
  })

  it('gives tied embeddings the type of the output', () => {
    const untied = llama({ blocks: 4, embedding: 2048, feedForward: 8192, heads: 16, headsKv: 4, vocab: 1000 })
    const tied = llama({
      blocks: 4,
      embedding: 2048,
      feedForward: 8192,
      heads: 16,
      headsKv: 4,
      vocab: 1000,
      tied: true,
    })
    expect(typeOf(quantizeHeader(untied, 'Q4_K_M'), 'token_embd.weight')).toBe('q4_K')
    expect(typeOf(quantizeHeader(tied, 'Q4_K_M'), 'token_embd.weight')).toBe('q6_K')
  })

  it('gives the output q8_0 where its rows are no whole blocks, and in falcon always', () => {
    const narrow = llama({ blocks: 2, embedding: 2880, feedForward: 8192, heads: 16, headsKv: 4, vocab: 1000 })
    const falcon = headerOf({
      architecture: 'falcon',
      blocks: 2,
      embedding: 2048,
      feedForward: 8192,
      heads: 16,
      headsKv: 4,
      vocab: 1000,
    })
    expect(typeOf(quantizeHeader(narrow, 'IQ1_S'), 'output.weight')).toBe('q8_0')
    expect(typeOf(quantizeHeader(falcon, 'Q2_K'), 'output.weight')).toBe('q8_0')
    expect(typeOf(quantizeHeader(falcon, 'Q2_K'), 'blk.0.attn_output.weight')).toBe('q2_K')
  })

  it('counts the heads of the first block, as llama-quantize does, or of the widest for a described model', () => {
    expect(typeOf(quantizeHeader(hybrid, 'Q2_K'), 'blk.4.attn_v.weight')).toBe('q3_K')
    expect(typeOf(quantizeHeader(hybrid, 'Q2_K', { modelFacts: 'described' }), 'blk.4.attn_v.weight')).toBe('q4_K')
  })

  it('knows a 70B of qwen2 by its 80 blocks, unless it is only described', () => {
    const described = quantizeHeader(qwen25With72B, 'Q4_K_M', { modelFacts: 'described' })
    expect(typeOf(quantizeHeader(qwen25With72B, 'Q4_K_M'), 'blk.11.attn_v.weight')).toBe('q5_K')
    expect(typeOf(described, 'blk.11.attn_v.weight')).toBe('q4_K')
    expect(tensorDataBytes(described)).toBe(47367782400)
  })

  it('follows the importance matrix where a rule asks for it', () => {
    const withMatrix = (mix: Mix): GgufHeader => quantizeHeader(llama2With7B, mix, { importanceMatrix: true })
    expect(typeOf(quantizeHeader(llama2With7B, 'IQ4_XS'), 'blk.0.ffn_down.weight')).toBe('q5_K')
    expect(typeOf(withMatrix('IQ4_XS'), 'blk.0.ffn_down.weight')).toBe('iq4_xs')
    expect(typeOf(withMatrix('Q4_0'), 'blk.0.ffn_down.weight')).toBe('q4_1')
    expect(typeOf(quantizeHeader(llama2With7B, 'IQ3_XXS'), 'blk.0.ffn_down.weight')).toBe('iq3_xxs')
  })

  it.each([
    ['IQ1_S', 'q4_K', 'iq2_xxs', 'q2_K', 'q5_K'],
    ['IQ2_M', 'q4_K', 'iq3_s', 'iq3_s', 'q5_K'],
    ['IQ2_XXS', 'q4_K', 'iq2_xxs', 'q2_K', 'q5_K'],
  ] as const)('%s has rules of its own', (mix, value, attentionOutput, firstDown, output) => {
    const quantized = quantizeHeader(llama31With8B, mix)
    expect(typeOf(quantized, 'blk.9.attn_v.weight')).toBe(value)
    expect(typeOf(quantized, 'blk.9.attn_output.weight')).toBe(attentionOutput)
    expect(typeOf(quantized, 'blk.3.ffn_down.weight')).toBe(firstDown)
    expect(typeOf(quantized, 'output.weight')).toBe(output)
  })

  it.each([
    [llama2With7B, 'IQ2_XS', 'q2_K'],
    [llama2With7B, 'IQ2_S', 'iq3_s'],
    [llama31With8B, 'IQ2_S', 'q4_K'],
    // Experts weigh like grouped heads.
    [
      llama({ blocks: 8, embedding: 2048, feedForward: 1024, heads: 16, headsKv: 16, vocab: 1000, experts: 4 }),
      'IQ2_S',
      'q4_K',
    ],
  ] as const)('spends more bits on values that many heads share', (header, mix, expected) => {
    expect(typeOf(quantizeHeader(header, mix), 'blk.5.attn_v.weight')).toBe(expected)
  })

  it('writes experts in MXFP4 and the rest in Q8_0 for MXFP4_MOE', () => {
    const quantized = quantizeHeader(mixtral, 'MXFP4_MOE')
    expect(typeOf(quantized, 'blk.0.ffn_up_exps.weight')).toBe('mxfp4')
    expect(typeOf(quantized, 'blk.0.attn_q.weight')).toBe('q8_0')
    expect(typeOf(quantized, 'blk.0.ffn_gate_inp.weight')).toBe('f32')
  })

  it('leaves alone what the source already holds quantized', () => {
    const once = quantizeHeader(mixtral, 'MXFP4_MOE')
    expect(quantizeHeader(once, 'Q4_K_M').tensors).toEqual(once.tensors)
  })

  it('pads each tensor to 32 bytes in the file', () => {
    const header = {
      ...llama2With7B,
      tensors: [vector('blk.0.layer_output_scale.weight', 1), vector('blk.1.x.weight', 9)],
    }
    expect(tensorDataBytes(header)).toBe(32 + 64)
  })
})
