import type { TensorInfo } from '@berth/core'
import { mamba1Mixer, mamba2Mixer } from './recurrent.ts'
import type { Shape } from './shape.ts'
import {
  bias,
  ends,
  gatedExperts,
  gatedFfn,
  matrix,
  type Namer,
  parameter,
  perBlock,
  sharedExpert,
  splitAttention,
  vector,
} from './tensors.ts'

/** Blocks with KV heads attend; the others are recurrent. */
const attends = (shape: Shape, block: number): boolean => shape.at('attention.head_count_kv', block) > 0

/** granitehybrid: Mamba 2 with a few attention blocks, experts or a dense FFN in each. */
export const graniteHybrid = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const width = shape.number('feed_forward_length')
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), embedding),
      ...(attends(shape, block)
        ? splitAttention(shape, { block, name })
        : mamba2Mixer(shape, name, { flatNorm: true })),
      vector(name('ffn_norm'), embedding),
      ...(shape.has('expert_count')
        ? [
            ...gatedExperts(name, shape, width),
            ...sharedExpert(name, embedding, shape.number('expert_shared_feed_forward_length')),
          ]
        : gatedFfn(name, embedding, width)),
    ]),
  ]
}

/** jamba: Mamba with an attention block in eight, experts in every second block. */
export const jamba = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const width = shape.number('feed_forward_length')
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), embedding),
      ...(attends(shape, block) ? splitAttention(shape, { block, name }) : mamba1Mixer(shape, name, { normed: true })),
      vector(name('ffn_norm'), embedding),
      ...(block % 2 === 1 ? gatedExperts(name, shape, width) : gatedFfn(name, embedding, width)),
    ]),
  ]
}

/** nemotron_h and nemotron_h_moe: a block is attention, or an FFN, or Mamba 2, never two of them. */
export const nemotronH = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (block, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...nemotronPart(shape, { block, name }),
  ]),
]

function nemotronPart(
  shape: Shape,
  { block, name }: { readonly block: number; readonly name: Namer },
): readonly TensorInfo[] {
  const { embedding } = shape
  if (attends(shape, block)) return splitAttention(shape, { block, name })
  const width = shape.at('feed_forward_length', block)
  if (width === 0) return mamba2Mixer(shape, name, { flatNorm: false })
  // Squared ReLU: no gate.
  if (!shape.has('expert_count')) {
    return [matrix(name('ffn_up'), embedding, width), matrix(name('ffn_down'), width, embedding)]
  }
  const experts = shape.number('expert_count')
  const shared = shape.number('expert_shared_feed_forward_length')
  return [
    vector(name('ffn_gate_inp'), embedding, experts),
    bias(name('exp_probs_b'), experts),
    matrix(name('ffn_up_exps'), embedding, width, experts),
    matrix(name('ffn_down_exps'), width, embedding, experts),
    matrix(name('ffn_up_shexp'), embedding, shared),
    matrix(name('ffn_down_shexp'), shared, embedding),
  ]
}

/** lfm2 and lfm2moe: short convolutions with a few attention blocks; the final norm goes by the embeddings' name. */
export const lfm2 = (shape: Shape): readonly TensorInfo[] => {
  const { embedding, vocab } = shape
  return [
    matrix('token_embd', embedding, vocab),
    vector('token_embd_norm', embedding),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), embedding),
      ...(attends(shape, block)
        ? splitAttention(shape, { block, name }, { norm: 'head' })
        : [
            vector(name('shortconv.conv'), shape.number('shortconv.l_cache'), embedding),
            matrix(name('shortconv.in_proj'), embedding, 3 * embedding),
            matrix(name('shortconv.out_proj'), embedding, embedding),
          ]),
      vector(name('ffn_norm'), embedding),
      ...(shape.has('expert_count') && block >= shape.number('leading_dense_block_count')
        ? [
            ...gatedExperts(name, shape, shape.number('expert_feed_forward_length')),
            bias(name('exp_probs_b'), shape.number('expert_count')),
          ]
        : gatedFfn(name, embedding, shape.number('feed_forward_length'))),
    ]),
  ]
}

/** A gated delta net; Qwen3-Next projects both gates at once, Qwen3.5 apart. */
function gatedDeltaNet(shape: Shape, name: Namer): readonly TensorInfo[] {
  const { embedding } = shape
  const [inner, heads] = [shape.number('ssm.inner_size'), shape.number('ssm.time_step_rank')]
  const state = shape.number('ssm.state_size')
  const convolved = inner + 2 * shape.number('ssm.group_count') * state
  const gates =
    shape.architecture === 'qwen3next'
      ? [matrix(name('ssm_ba'), embedding, 2 * heads)]
      : [matrix(name('ssm_alpha'), embedding, heads), matrix(name('ssm_beta'), embedding, heads)]
  return [
    matrix(name('attn_qkv'), embedding, convolved),
    matrix(name('attn_gate'), embedding, inner),
    ...gates,
    vector(name('ssm_conv1d'), shape.number('ssm.conv_kernel'), convolved),
    bias(name('ssm_dt'), heads),
    parameter(name('ssm_a'), heads),
    vector(name('ssm_norm'), state),
    matrix(name('ssm_out'), inner, embedding),
  ]
}

/** qwen3next, qwen35, qwen35moe: every `full_attention_interval`-th block attends, with gated queries. */
export const qwenHybrid = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const interval = shape.number('full_attention_interval')
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), embedding),
      ...((block + 1) % interval === 0
        ? splitAttention(shape, { block, name }, { norm: 'head', gatedQuery: true })
        : gatedDeltaNet(shape, name)),
      vector(name('post_attention_norm'), embedding),
      ...(shape.has('expert_count')
        ? [
            ...gatedExperts(name, shape, shape.number('expert_feed_forward_length')),
            vector(name('ffn_gate_inp_shexp'), embedding),
            ...sharedExpert(name, embedding, shape.number('expert_shared_feed_forward_length')),
          ]
        : gatedFfn(name, embedding, shape.number('feed_forward_length'))),
    ]),
  ]
}
