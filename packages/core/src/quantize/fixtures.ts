/** Headers in F16 of models whose quantized files are known, for tests. */
import type { GgufHeader, TensorInfo } from '../header/header.ts'

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

export const matrix = (name: string, ...shape: number[]): TensorInfo => ({ name, shape, type: 'f16' })
export const vector = (name: string, length: number): TensorInfo => ({ name, shape: [length], type: 'f32' })

/** A header in F16 as a converter writes it for the llama and qwen2 families, with 128 elements a head. */
export function headerOf(shape: Shape): GgufHeader {
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

export const llama = (shape: Omit<Shape, 'architecture'>): GgufHeader => headerOf({ architecture: 'llama', ...shape })

export const llama31With8B = llama({
  blocks: 32,
  embedding: 4096,
  feedForward: 14336,
  heads: 32,
  headsKv: 8,
  vocab: 128256,
  ropeFactors: 64,
})
export const llama2With7B = llama({
  blocks: 32,
  embedding: 4096,
  feedForward: 11008,
  heads: 32,
  headsKv: 32,
  vocab: 32000,
})
export const llama2With70B = llama({
  blocks: 80,
  embedding: 8192,
  feedForward: 28672,
  heads: 64,
  headsKv: 8,
  vocab: 32000,
})
export const mixtral = llama({
  blocks: 32,
  embedding: 4096,
  feedForward: 14336,
  heads: 32,
  headsKv: 8,
  vocab: 32000,
  experts: 8,
})
export const qwen25With72B = headerOf({
  architecture: 'qwen2',
  blocks: 80,
  embedding: 8192,
  feedForward: 29568,
  heads: 64,
  headsKv: 8,
  vocab: 152064,
  bias: true,
})
