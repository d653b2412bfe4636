import { describe, expect, it } from 'vitest'
import type { GgmlType } from '../header/ggml-type.ts'
import type { GgufHeader, TensorInfo } from '../header/header.ts'
import { type Mix, mixNames } from './mix.ts'
import { mixFileBytes, quantizeHeader, tensorDataBytes } from './quantize-header.ts'

interface Shape {
  readonly architecture: string
  readonly blocks: number
  readonly embedding: number
  readonly feedForward: number
  readonly heads: number
  readonly headsKv: number | readonly number[]
  readonly vocab: number
  readonly tied?: boolean
  readonly experts?: number
  readonly bias?: boolean
  readonly ropeFactors?: number
}

const matrix = (name: string, ...shape: number[]): TensorInfo => ({ name, shape, type: 'f16' })
const vector = (name: string, length: number): TensorInfo => ({ name, shape: [length], type: 'f32' })

/** A header in F16 as a converter writes it for the llama and qwen2 families, with 128 elements a head. */
function headerOf(shape: Shape): GgufHeader {
  const { embedding, feedForward, vocab } = shape
  const ffn = (block: number): readonly TensorInfo[] => {
    const experts = shape.experts === undefined ? [] : [shape.experts]
    const suffix = shape.experts === undefined ? '' : '_exps'
    return [
      ...experts.map((count): TensorInfo => ({
        ...vector('', 0),
        name: `blk.${block}.ffn_gate_inp.weight`,
        shape: [embedding, count],
      })),
      matrix(`blk.${block}.ffn_up${suffix}.weight`, embedding, feedForward, ...experts),
      matrix(`blk.${block}.ffn_gate${suffix}.weight`, embedding, feedForward, ...experts),
      matrix(`blk.${block}.ffn_down${suffix}.weight`, feedForward, embedding, ...experts),
    ]
  }
  const attention = (block: number, headsKv: number): readonly TensorInfo[] => [
    matrix(`blk.${block}.attn_q.weight`, embedding, shape.heads * 128),
    matrix(`blk.${block}.attn_k.weight`, embedding, headsKv * 128),
    matrix(`blk.${block}.attn_v.weight`, embedding, headsKv * 128),
    matrix(`blk.${block}.attn_output.weight`, shape.heads * 128, embedding),
    ...(shape.bias === true
      ? [
          vector(`blk.${block}.attn_q.bias`, shape.heads * 128),
          vector(`blk.${block}.attn_k.bias`, headsKv * 128),
          vector(`blk.${block}.attn_v.bias`, headsKv * 128),
        ]
      : []),
  ]
  const headsKvOf = (block: number): number =>
    typeof shape.headsKv === 'number' ? shape.headsKv : (shape.headsKv[block] ?? 0)
  const blocks = Array.from({ length: shape.blocks }, (_, block) => [
    vector(`blk.${block}.attn_norm.weight`, embedding),
    vector(`blk.${block}.ffn_norm.weight`, embedding),
    ...(headsKvOf(block) > 0 ? attention(block, headsKvOf(block)) : []),
    ...ffn(block),
  ])
  return {
    metadata: {
      'general.architecture': shape.architecture,
      'general.file_type': 1,
      'split.count': 3,
      [`${shape.architecture}.block_count`]: shape.blocks,
      [`${shape.architecture}.attention.head_count`]: shape.heads,
      [`${shape.architecture}.attention.head_count_kv`]: shape.headsKv,
      ...(shape.experts === undefined ? {} : { [`${shape.architecture}.expert_count`]: shape.experts }),
    },
    trimmedArrayLengths: { 'tokenizer.ggml.tokens': vocab },
    tensors: [
      matrix('token_embd.weight', embedding, vocab),
      ...blocks.flat(),
      vector('output_norm.weight', embedding),
      ...(shape.tied === true ? [] : [matrix('output.weight', embedding, vocab)]),
      ...(shape.ropeFactors === undefined ? [] : [vector('rope_freqs.weight', shape.ropeFactors)]),
    ],
  }
}

const llama = (shape: Omit<Shape, 'architecture'>): GgufHeader => headerOf({ architecture: 'llama', ...shape })

const llama31With8B = llama({
  blocks: 32,
  embedding: 4096,
  feedForward: 14336,
  heads: 32,
  headsKv: 8,
  vocab: 128256,
  ropeFactors: 64,
})
const llama2With7B = llama({ blocks: 32, embedding: 4096, feedForward: 11008, heads: 32, headsKv: 32, vocab: 32000 })
const llama2With70B = llama({ blocks: 80, embedding: 8192, feedForward: 28672, heads: 64, headsKv: 8, vocab: 32000 })
const mixtral = llama({
  blocks: 32,
  embedding: 4096,
  feedForward: 14336,
  heads: 32,
  headsKv: 8,
  vocab: 32000,
  experts: 8,
})
const qwen25With72B = headerOf({
  architecture: 'qwen2',
  blocks: 80,
  embedding: 8192,
  feedForward: 29568,
  heads: 64,
  headsKv: 8,
  vocab: 152064,
  bias: true,
})

/** Data sections of files that llama-quantize wrote. */
const written: readonly (readonly [string, GgufHeader, Partial<Record<Mix, number>>])[] = [
  [
    'Llama 3.1 8B',
    llama31With8B,
    {
      Q2_K: 3171295488,
      Q3_K_M: 4011081984,
      IQ4_XS: 4476526848,
      Q4_0: 4653375744,
      Q4_K_S: 4684833024,
      Q4_K_M: 4912898304,
      Q5_K_M: 5725151488,
      Q6_K: 6588170496,
      Q8_0: 8532934912,
      F16: 16061055232,
      BF16: 16061055232,
    },
  ],
  [
    'Llama 2 7B',
    llama2With7B,
    {
      Q2_K: 2532122624,
      Q3_K_M: 3297263616,
      IQ4_XS: 3646775296,
      Q4_0: 3825065984,
      Q4_K_S: 3855998976,
      Q4_K_M: 4080263168,
      Q5_K_M: 4782415872,
      Q6_K: 5528453120,
      F16: 13477363712,
    },
  ],
  [
    'Mixtral 8x7B',
    mixtral,
    {
      Q2_K: 17310490624,
      Q3_K_M: 22545711104,
      IQ4_XS: 25373401088,
      Q4_0: 26442850304,
      Q4_K_S: 26744840192,
      Q4_K_M: 28447727616,
      Q5_K_M: 33228840960,
      Q6_K: 38380077056,
      F16: 93408215040,
    },
  ],
  [
    'Llama 2 70B',
    llama2With70B,
    {
      Q2_K: 25461669888,
      Q3_K_M: 33273970688,
      IQ4_XS: 37196054528,
      Q4_0: 38871482368,
      Q4_K_S: 39248969728,
      Q4_K_M: 41422143488,
      Q5_K_M: 48753000448,
      Q6_K: 56586600448,
      F16: 137955934208,
    },
  ],
  // The published Qwen2.5-72B-Instruct-Q4_K_M.gguf has 47,415,715,488 bytes; 5,990,048 of them are its header.
  ['Qwen2.5 72B', qwen25With72B, { Q4_K_M: 47409725440 }],
]

describe.each(written)('%s', (_, header, sizes) => {
  it.each(Object.entries(sizes))('%s is %i bytes', (mix, size) => {
    expect(mixFileBytes(header, mix as Mix)).toBe(size)
  })
})

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
