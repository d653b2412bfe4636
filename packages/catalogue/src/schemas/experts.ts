import type { TensorInfo } from '@berth/core'
import type { Shape } from './shape.ts'
import {
  bias,
  ends,
  gatedExperts,
  gatedFfn,
  matrix,
  type Namer,
  perBlock,
  sharedExpert,
  splitAttention,
  vector,
} from './tensors.ts'

/** The bias that balances experts without a loss of its own (DeepSeek V3). */
const routingBias = (name: Namer, shape: Shape): TensorInfo => bias(name('exp_probs_b'), shape.number('expert_count'))

interface ExpertOptions {
  readonly sharedWidth: number
  readonly routingBias: boolean
}

/** Dense in the leading blocks, experts beside a shared one in the rest. */
function leadingDenseFfn(
  shape: Shape,
  { block, name }: { readonly block: number; readonly name: Namer },
  options: ExpertOptions,
): readonly TensorInfo[] {
  const { embedding } = shape
  if (block < shape.number('leading_dense_block_count')) {
    return gatedFfn(name, embedding, shape.number('feed_forward_length'))
  }
  return [
    ...gatedExperts(name, shape, shape.number('expert_feed_forward_length')),
    ...(options.routingBias ? [routingBias(name, shape)] : []),
    ...(options.sharedWidth > 0 ? sharedExpert(name, embedding, options.sharedWidth) : []),
  ]
}

const sharedWidthByCount = (shape: Shape): number =>
  shape.number('expert_shared_count') * shape.number('expert_feed_forward_length')

/** dots1: Qwen3's attention with DeepSeek's experts. */
export const dots1 = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (block, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...splitAttention(shape, { block, name }, { norm: 'head' }),
    vector(name('ffn_norm'), shape.embedding),
    ...leadingDenseFfn(shape, { block, name }, { sharedWidth: sharedWidthByCount(shape), routingBias: true }),
  ]),
]

/** ernie4_5-moe. */
export const ernie45Moe = (shape: Shape): readonly TensorInfo[] => {
  const sharedWidth = shape.has('expert_shared_feed_forward_length')
    ? shape.number('expert_shared_feed_forward_length')
    : 0
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), shape.embedding),
      ...splitAttention(shape, { block, name }),
      vector(name('ffn_norm'), shape.embedding),
      ...leadingDenseFfn(shape, { block, name }, { sharedWidth, routingBias: true }),
    ]),
  ]
}

/** minimax-m2: norms over all heads together, experts in every block. */
export const minimaxM2 = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (block, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...splitAttention(shape, { block, name }, { norm: 'full' }),
    vector(name('ffn_norm'), shape.embedding),
    ...gatedExperts(name, shape, shape.number('expert_feed_forward_length')),
    routingBias(name, shape),
  ]),
]

/** hunyuan-moe: norms over each head, one shared expert, no leading dense blocks. */
export const hunyuanMoe = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (block, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...splitAttention(shape, { block, name }, { norm: 'head' }),
    vector(name('ffn_norm'), shape.embedding),
    ...gatedExperts(name, shape, shape.number('feed_forward_length')),
    ...sharedExpert(name, shape.embedding, shape.number('expert_shared_feed_forward_length')),
  ]),
]

/** The block that drafts the next token (MTP). */
const nextnTensors = (name: Namer, { embedding, vocab, layout }: Shape): readonly TensorInfo[] => [
  matrix(name('nextn.eh_proj'), 2 * embedding, embedding),
  vector(name('nextn.enorm'), embedding),
  vector(name('nextn.hnorm'), embedding),
  vector(name('nextn.shared_head_norm'), embedding),
  ...(layout.draftSharesEnds === true
    ? []
    : [matrix(name('nextn.embed_tokens'), embedding, vocab), matrix(name('nextn.shared_head_head'), embedding, vocab)]),
]

/** glm4moe: leading dense blocks, experts, and drafting blocks at the end that count as blocks. */
export const glm4Moe = (shape: Shape): readonly TensorInfo[] => {
  const firstDraft = shape.blockCount - shape.number('nextn_predict_layers')
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), shape.embedding),
      ...splitAttention(
        shape,
        { block, name },
        {
          bias: 'qkv',
          norm: shape.layout.headNorm === true ? 'head' : undefined,
        },
      ),
      vector(name('post_attention_norm'), shape.embedding),
      ...leadingDenseFfn(shape, { block, name }, { sharedWidth: sharedWidthByCount(shape), routingBias: true }),
      ...(block >= firstDraft ? nextnTensors(name, shape) : []),
    ]),
  ]
}

/** Multi-head latent attention: keys and values through one compressed vector, its up-projections split by head. */
function latentAttention(shape: Shape, name: Namer): readonly TensorInfo[] {
  const { embedding } = shape
  const heads = shape.number('attention.head_count')
  const [keyLength, valueLength] = [
    shape.number('attention.key_length_mla'),
    shape.number('attention.value_length_mla'),
  ]
  const [rank, rotated] = [shape.number('attention.kv_lora_rank'), shape.number('rope.dimension_count')]
  return [
    ...latentQueries(shape, name, heads * keyLength),
    matrix(name('attn_kv_a_mqa'), embedding, rank + rotated),
    vector(name('attn_kv_a_norm'), rank),
    matrix(name('attn_k_b'), keyLength - rotated, rank, heads),
    matrix(name('attn_v_b'), rank, valueLength, heads),
    matrix(name('attn_output'), heads * valueLength, embedding),
  ]
}

function latentQueries(shape: Shape, name: Namer, width: number): readonly TensorInfo[] {
  if (!shape.has('attention.q_lora_rank')) return [matrix(name('attn_q'), shape.embedding, width)]
  const rank = shape.number('attention.q_lora_rank')
  return [
    matrix(name('attn_q_a'), shape.embedding, rank),
    vector(name('attn_q_a_norm'), rank),
    matrix(name('attn_q_b'), rank, width),
  ]
}

/** The indexer that picks the tokens sparse attention looks at (DeepSeek V3.2). */
function indexer(shape: Shape, name: Namer): readonly TensorInfo[] {
  const heads = shape.number('attention.indexer.head_count')
  const length = shape.number('attention.indexer.key_length')
  return [
    matrix(name('indexer.attn_k'), shape.embedding, length),
    matrix(name('indexer.attn_q_b'), shape.number('attention.q_lora_rank'), heads * length),
    vector(name('indexer.k_norm'), length),
    bias(name('indexer.k_norm'), length),
    matrix(name('indexer.proj'), shape.embedding, heads),
  ]
}

/** deepseek2 (V2, V3, R1, Kimi K2) and, with an indexer, deepseek32. Only sigmoid routing has a bias. */
export const deepseek = (shape: Shape): readonly TensorInfo[] => {
  const options = { sharedWidth: sharedWidthByCount(shape), routingBias: shape.number('expert_gating_func') === 2 }
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), shape.embedding),
      ...latentAttention(shape, name),
      ...(shape.has('attention.indexer.head_count') ? indexer(shape, name) : []),
      vector(name('ffn_norm'), shape.embedding),
      ...leadingDenseFfn(shape, { block, name }, options),
    ]),
  ]
}
