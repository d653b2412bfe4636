import type { TensorInfo } from '@berth/core'
import type { Shape } from './shape.ts'

/** A weight matrix, `ne` as ggml counts: the input first. */
export const matrix = (name: string, ...shape: readonly number[]): TensorInfo => ({
  name: `${name}.weight`,
  shape,
  type: 'f16',
})

/** A norm or another weight that the converter keeps in F32. */
export const vector = (name: string, ...shape: readonly number[]): TensorInfo => ({
  name: `${name}.weight`,
  shape,
  type: 'f32',
})

export const bias = (name: string, ...shape: readonly number[]): TensorInfo => ({
  name: `${name}.bias`,
  shape,
  type: 'f32',
})

/** A parameter without suffix, as `ssm_a`. */
export const parameter = (name: string, ...shape: readonly number[]): TensorInfo => ({ name, shape, type: 'f32' })

export const normWithBias = (name: string, length: number): readonly TensorInfo[] => [
  vector(name, length),
  bias(name, length),
]

export const perBlock = (
  { blockCount }: Shape,
  tensorsOf: (block: number, name: (part: string) => string) => readonly TensorInfo[],
): readonly TensorInfo[] =>
  Array.from({ length: blockCount }, (_, block) => tensorsOf(block, (part) => `blk.${block}.${part}`)).flat()

export type Namer = (part: string) => string

/** Token embeddings, final norm, and the output matrix unless the embeddings serve as output. */
export const ends = ({ embedding, vocab, layout }: Shape): readonly TensorInfo[] => [
  matrix('token_embd', embedding, vocab),
  vector('output_norm', embedding),
  ...(layout.tied === true ? [] : [matrix('output', embedding, vocab)]),
  ...(layout.ropeFactors === undefined ? [] : [vector('rope_freqs', layout.ropeFactors)]),
]

export interface AttentionOptions {
  readonly bias?: 'qkv' | 'all' | undefined
  /** Norms over each head, or over all heads together. */
  readonly norm?: 'head' | 'full' | undefined
  /** Queries carry a gate of their own width. */
  readonly gatedQuery?: boolean
  readonly keyLength?: number
  readonly valueLength?: number
  /** Keys serve as values: no `attn_v`. */
  readonly keysAsValues?: boolean
}

interface Widths {
  readonly query: number
  readonly key: number
  readonly value: number
  readonly output: number
}

export function attentionWidths(shape: Shape, block: number, options: AttentionOptions = {}): Widths {
  const heads = shape.at('attention.head_count', block)
  const headsKv = shape.at('attention.head_count_kv', block)
  const keyLength = options.keyLength ?? shape.keyLength
  const valueLength = options.valueLength ?? shape.valueLength
  return {
    query: heads * keyLength * (options.gatedQuery === true ? 2 : 1),
    key: headsKv * keyLength,
    value: headsKv * valueLength,
    output: heads * valueLength,
  }
}

/** Separate query, key, value and output projections. */
export function splitAttention(
  shape: Shape,
  { block, name }: { readonly block: number; readonly name: Namer },
  options: AttentionOptions = {},
): readonly TensorInfo[] {
  const { embedding } = shape
  const { query, key, value, output } = attentionWidths(shape, block, options)
  return [
    matrix(name('attn_q'), embedding, query),
    matrix(name('attn_k'), embedding, key),
    ...(options.keysAsValues === true ? [] : [matrix(name('attn_v'), embedding, value)]),
    matrix(name('attn_output'), output, embedding),
    ...(options.bias === undefined
      ? []
      : [bias(name('attn_q'), query), bias(name('attn_k'), key), bias(name('attn_v'), value)]),
    ...(options.bias === 'all' ? [bias(name('attn_output'), embedding)] : []),
    ...attentionNorms(name, options, { key, query, head: options.keyLength ?? shape.keyLength }),
  ]
}

function attentionNorms(
  name: Namer,
  { norm }: AttentionOptions,
  widths: { readonly query: number; readonly key: number; readonly head: number },
): readonly TensorInfo[] {
  if (norm === undefined) return []
  const [query, key] = norm === 'head' ? [widths.head, widths.head] : [widths.query, widths.key]
  return [vector(name('attn_q_norm'), query), vector(name('attn_k_norm'), key)]
}

/** Gate, up and down projections (SwiGLU, GeGLU). */
export const gatedFfn = (name: Namer, embedding: number, width: number): readonly TensorInfo[] => [
  matrix(name('ffn_gate'), embedding, width),
  matrix(name('ffn_up'), embedding, width),
  matrix(name('ffn_down'), width, embedding),
]

/** Stacked experts with their router. */
export function gatedExperts(name: Namer, shape: Shape, width: number): readonly TensorInfo[] {
  const experts = shape.number('expert_count')
  return [
    vector(name('ffn_gate_inp'), shape.embedding, experts),
    matrix(name('ffn_gate_exps'), shape.embedding, width, experts),
    matrix(name('ffn_up_exps'), shape.embedding, width, experts),
    matrix(name('ffn_down_exps'), width, shape.embedding, experts),
  ]
}

/** The expert that every token passes, of the width of all shared experts together. */
export const sharedExpert = (name: Namer, embedding: number, width: number): readonly TensorInfo[] => [
  matrix(name('ffn_gate_shexp'), embedding, width),
  matrix(name('ffn_up_shexp'), embedding, width),
  matrix(name('ffn_down_shexp'), width, embedding),
]
