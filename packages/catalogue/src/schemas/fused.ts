import type { TensorInfo } from '@berth/core'
import type { Shape } from './shape.ts'
import { attentionWidths, bias, ends, matrix, perBlock, splitAttention, vector } from './tensors.ts'

/** phi3 (also Phi-4): fused QKV, gate and up projection in one matrix. */
export const phi3 = (shape: Shape): readonly TensorInfo[] => {
  const { embedding, layout } = shape
  const width = shape.number('feed_forward_length')
  const { query, key, value, output } = attentionWidths(shape, 0)
  const { ropeFactors, ...unscaled } = layout
  return [
    ...ends({ ...shape, layout: unscaled }),
    ...(ropeFactors === undefined
      ? []
      : [vector('rope_factors_long', ropeFactors), vector('rope_factors_short', ropeFactors)]),
    ...perBlock(shape, (_, name) => [
      vector(name('attn_norm'), embedding),
      matrix(name('attn_qkv'), embedding, query + key + value),
      matrix(name('attn_output'), output, embedding),
      vector(name('ffn_norm'), embedding),
      matrix(name('ffn_up'), embedding, 2 * width),
      matrix(name('ffn_down'), width, embedding),
    ]),
  ]
}

/** glm4: norms around attention and FFN, gate and up projection in one matrix. */
export const glm4 = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const width = shape.number('feed_forward_length')
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), embedding),
      ...splitAttention(shape, { block, name }, { bias: shape.layout.attentionBias === true ? 'qkv' : undefined }),
      vector(name('post_attention_norm'), embedding),
      vector(name('ffn_norm'), embedding),
      matrix(name('ffn_up'), embedding, 2 * width),
      matrix(name('ffn_down'), width, embedding),
      vector(name('post_ffw_norm'), embedding),
    ]),
  ]
}

/** gpt-oss: attention sinks, biases everywhere, experts that the publisher ships in MXFP4. */
export const gptOss = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const [experts, width] = [shape.number('expert_count'), shape.number('expert_feed_forward_length')]
  const expert = (name: string, input: number, output: number): readonly TensorInfo[] => [
    { name: `${name}.weight`, shape: [input, output, experts], type: 'mxfp4' },
    bias(name, output, experts),
  ]
  return [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      vector(name('attn_norm'), embedding),
      ...splitAttention(shape, { block, name }, { bias: 'all' }),
      vector(name('attn_sinks'), shape.number('attention.head_count')),
      vector(name('post_attention_norm'), embedding),
      vector(name('ffn_gate_inp'), embedding, experts),
      bias(name('ffn_gate_inp'), experts),
      ...expert(name('ffn_gate_exps'), embedding, width),
      ...expert(name('ffn_up_exps'), embedding, width),
      ...expert(name('ffn_down_exps'), width, embedding),
    ]),
  ]
}
