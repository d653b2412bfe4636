import type { Hyperparameters } from './schemas/shape.ts'

export interface Transformer {
  readonly blocks: number
  readonly embedding: number
  readonly feedForward: number | readonly number[]
  readonly heads: number
  readonly headsKv: number | readonly number[]
  /** Elements of a head's key and of its value. */
  readonly head: number
  /** Rotated elements of a head, where not all. */
  readonly rotary?: number
  readonly vocab: number
  /** Tokens of context the model was trained for. */
  readonly context: number
  readonly ropeBase: number
  readonly epsilon: number
  /** Layer norms instead of RMS norms. */
  readonly layerNorm?: true
}

/** The keys every attention model has, in the order of the publishers' configs. */
export const transformer = (model: Transformer): Hyperparameters => ({
  vocab_size: model.vocab,
  context_length: model.context,
  embedding_length: model.embedding,
  block_count: model.blocks,
  feed_forward_length: model.feedForward,
  'attention.head_count': model.heads,
  'attention.head_count_kv': model.headsKv,
  'rope.freq_base': model.ropeBase,
  'attention.key_length': model.head,
  'attention.value_length': model.head,
  'rope.dimension_count': model.rotary ?? model.head,
  [model.layerNorm === true ? 'attention.layer_norm_epsilon' : 'attention.layer_norm_rms_epsilon']: model.epsilon,
})

/** One value a block: `pattern` repeated to the length of the model. */
export const repeated = <Value>(pattern: readonly Value[], blocks: number): readonly Value[] =>
  Array.from({ length: blocks }, (_, block) => pattern[block % pattern.length]!)

/** `inside` at the listed blocks, `outside` elsewhere. */
export const atBlocks = (blocks: number, listed: readonly number[], inside: number, outside = 0): readonly number[] =>
  Array.from({ length: blocks }, (_, block) => (listed.includes(block) ? inside : outside))
