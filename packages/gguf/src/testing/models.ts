import type { GgmlType, TensorInfo } from '@berth/core'
import type { EncodableHeader, TypedValue } from '../encode.ts'

/** Look-alikes of published models, made from their hyperparameters; no one's file. */

export const text = (value: string): TypedValue => ({ type: 'string', value })
export const u32 = (value: number): TypedValue => ({ type: 'u32', value })
const f32 = (value: number): TypedValue => ({ type: 'f32', value })
export const list = (
  of: Extract<TypedValue, { type: 'array' }>['of'],
  value: readonly (string | number)[],
): TypedValue => ({
  type: 'array',
  of,
  value,
})

export interface LlamaShape {
  readonly blocks: number
  readonly embedding: number
  readonly feedForward: number
  readonly keyValueWidth: number
  readonly vocab: number
}

export const LLAMA_70B: LlamaShape = {
  blocks: 80,
  embedding: 8192,
  feedForward: 28_672,
  keyValueWidth: 1024,
  vocab: 128_256,
}

export const TINY: LlamaShape = { blocks: 2, embedding: 256, feedForward: 512, keyValueWidth: 256, vocab: 320 }

const block = (shape: LlamaShape, index: number): readonly TensorInfo[] => {
  const { embedding, feedForward, keyValueWidth } = shape
  const tensor = (name: string, type: GgmlType, ...size: number[]): TensorInfo => ({
    name: `blk.${index}.${name}.weight`,
    shape: size,
    type,
  })
  return [
    tensor('attn_norm', 'f32', embedding),
    tensor('attn_q', 'q4_K', embedding, embedding),
    tensor('attn_k', 'q4_K', embedding, keyValueWidth),
    tensor('attn_v', index % 2 === 0 ? 'q6_K' : 'q4_K', embedding, keyValueWidth),
    tensor('attn_output', 'q4_K', embedding, embedding),
    tensor('ffn_norm', 'f32', embedding),
    tensor('ffn_gate', 'q4_K', embedding, feedForward),
    tensor('ffn_up', 'q4_K', embedding, feedForward),
    tensor('ffn_down', index % 2 === 0 ? 'q6_K' : 'q4_K', feedForward, embedding),
  ]
}

const llamaTensors = (shape: LlamaShape): readonly TensorInfo[] => [
  { name: 'token_embd.weight', shape: [shape.embedding, shape.vocab], type: 'q4_K' },
  ...Array.from({ length: shape.blocks }, (_, index) => block(shape, index)).flat(),
  { name: 'output_norm.weight', shape: [shape.embedding], type: 'f32' },
  { name: 'output.weight', shape: [shape.embedding, shape.vocab], type: 'q6_K' },
]

/** Tokens and merges of the lengths that real vocabularies have. */
export const tokenizer = (vocab: number, tokenBytes: number): Readonly<Record<string, TypedValue>> => {
  const word = (index: number): string => `${index}`.padStart(tokenBytes, 'tok')
  const tokens = Array.from({ length: vocab }, (_, index) => word(index))
  const merges = Array.from({ length: 2 * vocab }, (_, index) => `${word(index)} ${index % 1000}`)
  return {
    'tokenizer.ggml.model': text('gpt2'),
    'tokenizer.ggml.tokens': list('string', tokens),
    'tokenizer.ggml.scores': list(
      'f32',
      Array.from({ length: vocab }, () => 0),
    ),
    'tokenizer.ggml.token_type': list(
      'i32',
      Array.from({ length: vocab }, () => 1),
    ),
    'tokenizer.ggml.merges': list('string', merges),
    'tokenizer.ggml.eos_token_id': u32(vocab - 1),
    'tokenizer.chat_template': text('{{ messages }}\n'.repeat(300)),
  }
}

export const llamaMetadata = (shape: LlamaShape): Readonly<Record<string, TypedValue>> => ({
  'general.architecture': text('llama'),
  'general.name': text('Test'),
  'general.file_type': u32(15),
  'llama.block_count': u32(shape.blocks),
  'llama.embedding_length': u32(shape.embedding),
  'llama.attention.head_count_kv': list(
    'i32',
    Array.from({ length: shape.blocks }, () => 8),
  ),
  'llama.rope.freq_base': f32(500_000),
})

export const llama = (shape: LlamaShape, more: Readonly<Record<string, TypedValue>> = {}): EncodableHeader => ({
  metadata: { ...llamaMetadata(shape), ...more },
  tensors: llamaTensors(shape),
})

/** A llama cut into shards as gguf-split cuts: all metadata in the first, tensors dealt out in order. */
export const split = (model: EncodableHeader, count: number): readonly EncodableHeader[] => {
  const each = Math.ceil(model.tensors.length / count)
  return Array.from({ length: count }, (_, index) => ({
    metadata: {
      ...(index === 0 ? model.metadata : {}),
      'split.no': { type: 'u16', value: index },
      'split.count': { type: 'u16', value: count },
      'split.tensors.count': { type: 'i32', value: model.tensors.length },
    },
    tensors: model.tensors.slice(index * each, (index + 1) * each),
  }))
}
