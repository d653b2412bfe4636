import type { TensorInfo } from '@berth/core'
import type { Shape } from './shape.ts'
import {
  type AttentionOptions,
  ends,
  gatedExperts,
  gatedFfn,
  matrix,
  normWithBias,
  perBlock,
  bias,
  sharedExpert,
  splitAttention,
  vector,
} from './tensors.ts'

/** Two norms, attention, and a dense FFN or experts in every block. */
const decoder =
  (options: AttentionOptions) =>
  (shape: Shape): readonly TensorInfo[] => [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), shape.embedding),
      ...splitAttention(shape, { block, name }, options),
      vector(name('ffn_norm'), shape.embedding),
      ...(shape.has('expert_count')
        ? gatedExperts(name, shape, expertWidth(shape))
        : gatedFfn(name, shape.embedding, shape.at('feed_forward_length', block))),
    ]),
  ]

/** Mixtral has no width of its own for experts. */
const expertWidth = (shape: Shape): number =>
  shape.number(shape.has('expert_feed_forward_length') ? 'expert_feed_forward_length' : 'feed_forward_length')

/** llama (also Mistral, Mixtral, Yi), smollm3, granite. */
export const llama = decoder({})
export const qwen2 = decoder({ bias: 'qkv' })
/** qwen3, qwen3moe, hunyuan-dense. */
export const qwen3 = decoder({ norm: 'head' })

/** llama4: every `interleave_moe_layer_step`-th block routes to one expert beside the shared one. */
export const llama4 = (shape: Shape): readonly TensorInfo[] => {
  const step = shape.number('interleave_moe_layer_step')
  const width = shape.number('expert_feed_forward_length')
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), shape.embedding),
      ...splitAttention(shape, { block, name }),
      vector(name('ffn_norm'), shape.embedding),
      ...((block + 1) % step === 0
        ? [...gatedExperts(name, shape, width), ...sharedExpert(name, shape.embedding, width)]
        : gatedFfn(name, shape.embedding, shape.number('feed_forward_length'))),
    ]),
  ]
}

/** seed_oss: the FFN's norm goes by the name of a norm after attention. */
export const seedOss = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (block, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...splitAttention(shape, { block, name }, { bias: 'qkv' }),
    vector(name('post_attention_norm'), shape.embedding),
    ...gatedFfn(name, shape.embedding, shape.number('feed_forward_length')),
  ]),
]

/** command-r, cohere2: attention and FFN run side by side behind one norm. */
export const cohere = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (block, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...splitAttention(shape, { block, name }),
    ...gatedFfn(name, shape.embedding, shape.number('feed_forward_length')),
  ]),
]

/** exaone4 norms each head, olmo2 all heads together; both norm after attention and after the FFN, not before. */
const postNormed =
  (norm: 'head' | 'full') =>
  (shape: Shape): readonly TensorInfo[] => [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      ...splitAttention(shape, { block, name }, { norm }),
      vector(name('post_attention_norm'), shape.embedding),
      ...gatedFfn(name, shape.embedding, shape.number('feed_forward_length')),
      vector(name('post_ffw_norm'), shape.embedding),
    ]),
  ]

export const exaone4 = postNormed('head')
export const olmo2 = postNormed('full')

/** starcoder2: layer norms and biases everywhere, no gate in the FFN. */
export const starcoder2 = (shape: Shape): readonly TensorInfo[] => {
  const width = shape.number('feed_forward_length')
  return [
    ...ends(shape),
    bias('output_norm', shape.embedding),
    ...perBlock(shape, (block, name) => [
      ...normWithBias(name('attn_norm'), shape.embedding),
      ...splitAttention(shape, { block, name }, { bias: 'all' }),
      ...normWithBias(name('ffn_norm'), shape.embedding),
      matrix(name('ffn_up'), shape.embedding, width),
      bias(name('ffn_up'), width),
      matrix(name('ffn_down'), width, shape.embedding),
      bias(name('ffn_down'), shape.embedding),
    ]),
  ]
}

/** falcon: fused QKV, and a norm each for attention and FFN, which run side by side. */
export const falcon = (shape: Shape): readonly TensorInfo[] => {
  const heads = shape.number('attention.head_count') + 2 * shape.number('attention.head_count_kv')
  const width = shape.number('feed_forward_length')
  return [
    ...ends(shape),
    bias('output_norm', shape.embedding),
    ...perBlock(shape, (_, name) => [
      ...normWithBias(name('attn_norm'), shape.embedding),
      ...normWithBias(name('attn_norm_2'), shape.embedding),
      matrix(name('attn_qkv'), shape.embedding, heads * shape.keyLength),
      matrix(name('attn_output'), shape.embedding, shape.embedding),
      matrix(name('ffn_up'), shape.embedding, width),
      matrix(name('ffn_down'), width, shape.embedding),
    ]),
  ]
}
