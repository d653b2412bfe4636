import type { TensorInfo } from '@berth/core'
import type { Shape } from './shape.ts'
import { bias, ends, matrix, type Namer, normWithBias, parameter, perBlock, vector } from './tensors.ts'

/** A Mamba mixer; `normed` is Jamba's, with norms on its inner projections. */
export function mamba1Mixer(
  shape: Shape,
  name: Namer,
  { normed }: { readonly normed: boolean },
): readonly TensorInfo[] {
  const { embedding } = shape
  const [inner, state] = [shape.number('ssm.inner_size'), shape.number('ssm.state_size')]
  const rank = shape.number('ssm.time_step_rank')
  return [
    matrix(name('ssm_in'), embedding, 2 * inner),
    vector(name('ssm_conv1d'), shape.number('ssm.conv_kernel'), inner),
    bias(name('ssm_conv1d'), inner),
    matrix(name('ssm_x'), inner, rank + 2 * state),
    matrix(name('ssm_dt'), rank, inner),
    bias(name('ssm_dt'), inner),
    parameter(name('ssm_a'), state, inner),
    parameter(name('ssm_d'), inner),
    matrix(name('ssm_out'), inner, embedding),
    ...(normed
      ? [vector(name('ssm_dt_norm'), rank), vector(name('ssm_b_norm'), state), vector(name('ssm_c_norm'), state)]
      : []),
  ]
}

/** A Mamba 2 mixer. One group is written as a plain vector where the converter squeezes it (`flatNorm`). */
export function mamba2Mixer(
  shape: Shape,
  name: Namer,
  { flatNorm }: { readonly flatNorm: boolean },
): readonly TensorInfo[] {
  const { embedding } = shape
  const [inner, groups] = [shape.number('ssm.inner_size'), shape.number('ssm.group_count')]
  const heads = shape.number('ssm.time_step_rank')
  const convolved = inner + 2 * groups * shape.number('ssm.state_size')
  return [
    matrix(name('ssm_in'), embedding, inner + convolved + heads),
    vector(name('ssm_conv1d'), shape.number('ssm.conv_kernel'), convolved),
    bias(name('ssm_conv1d'), convolved),
    bias(name('ssm_dt'), heads),
    parameter(name('ssm_a'), 1, heads),
    parameter(name('ssm_d'), 1, heads),
    flatNorm ? vector(name('ssm_norm'), inner) : vector(name('ssm_norm'), inner / groups, groups),
    matrix(name('ssm_out'), inner, embedding),
  ]
}

export const mamba = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (_, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...mamba1Mixer(shape, name, { normed: false }),
  ]),
]

export const mamba2 = (shape: Shape): readonly TensorInfo[] => [
  ...ends(shape),
  ...perBlock(shape, (_, name) => [
    vector(name('attn_norm'), shape.embedding),
    ...mamba2Mixer(shape, name, { flatNorm: false }),
  ]),
]

/** Low-rank pairs of an RWKV 7 time mix; the converter keeps them in F32. */
const loraPair = (name: Namer, part: string, { embedding }: Shape, rank: number): readonly TensorInfo[] => [
  vector(name(`time_mix_${part}1`), embedding, rank),
  vector(name(`time_mix_${part}2`), rank, embedding),
]

export const rwkv7 = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const width = shape.number('feed_forward_length')
  const rank = (part: string): number => shape.number(`attention.${part}_lora_rank`)
  return [
    ...ends(shape),
    bias('output_norm', embedding),
    ...normWithBias('token_embd_norm', embedding),
    ...perBlock(shape, (block, name) => [
      ...normWithBias(name('attn_norm'), embedding),
      ...normWithBias(name('attn_norm_2'), embedding),
      ...['w0', 'a0', 'v0', 'k_k', 'k_a', 'r_k'].map((part) => vector(name(`time_mix_${part}`), embedding)),
      ...normWithBias(name('time_mix_ln'), embedding),
      vector(name('time_mix_lerp_fused'), embedding, 1, 1, 6),
      ...loraPair(name, 'w', shape, rank('decay')),
      ...loraPair(name, 'a', shape, rank('iclr')),
      // The first block has no earlier values to mix in; the converter fills the rank of another pair.
      ...loraPair(name, 'v', shape, rank(block === 0 ? 'iclr' : 'value_residual_mix')),
      ...loraPair(name, 'g', shape, rank('gate')),
      ...['receptance', 'key', 'value', 'output'].map((part) => matrix(name(`time_mix_${part}`), embedding, embedding)),
      vector(name('channel_mix_lerp_k'), embedding),
      matrix(name('channel_mix_key'), embedding, width),
      matrix(name('channel_mix_value'), width, embedding),
    ]),
  ]
}
