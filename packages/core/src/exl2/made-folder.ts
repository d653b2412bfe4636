import { bytes } from '../units.ts'
import { type Exl2Header, type JsonObject, SAFETENSORS_DTYPES, type SafetensorsTensor } from './header.ts'

/** A dense Llama, or one with experts as Mixtral's, and the bits that all its matrices are given. */
export interface FolderShape {
  readonly architecture: string
  readonly blocks: number
  readonly hidden: number
  readonly heads: number
  readonly keyHeads: number
  readonly headDim: number
  readonly feedForward: number
  readonly vocab: number
  readonly positions: number
  readonly bits: number
  readonly headBits: number
  readonly experts?: number
  readonly expertsUsed?: number
}

type Dtype = SafetensorsTensor['dtype']

export const tensor = (name: string, dtype: Dtype, ...shape: readonly number[]): SafetensorsTensor => ({
  name,
  dtype,
  shape,
  bytes: bytes((shape.reduce((product, size) => product * size, 1) * SAFETENSORS_DTYPES[dtype]) / 8),
})

const GROUP = 128

/** A matrix as ExLlamaV2's converter stores it, all its groups of one width. */
export const exl2Linear = (
  key: string,
  inputs: number,
  outputs: number,
  bits: number,
): readonly SafetensorsTensor[] => [
  tensor(`${key}.q_weight`, 'I32', (inputs * bits) / 32, outputs),
  tensor(`${key}.q_invperm`, 'I32', inputs),
  tensor(`${key}.q_scale`, 'I32', inputs / GROUP, outputs / 8),
  tensor(`${key}.q_scale_max`, 'F16', inputs / GROUP),
  tensor(`${key}.q_groups`, 'I16', (2 * inputs) / GROUP),
]

/** A matrix as ExLlamaV3's converter stores it. */
export const exl3Linear = (
  key: string,
  inputs: number,
  outputs: number,
  bits: number,
): readonly SafetensorsTensor[] => [
  tensor(`${key}.suh`, 'F16', inputs),
  tensor(`${key}.svh`, 'F16', outputs),
  tensor(`${key}.trellis`, 'I16', inputs / 16, outputs / 16, 16 * bits),
  tensor(`${key}.mcg`, 'I32'),
]

type Linear = typeof exl2Linear

const blockTensors = (shape: FolderShape, key: string, linear: Linear): readonly SafetensorsTensor[] => {
  const { hidden, heads, keyHeads, headDim, feedForward, bits, experts } = shape
  const mlp = (name: string): readonly SafetensorsTensor[] => [
    ...linear(`${name}gate_proj`, hidden, feedForward, bits),
    ...linear(`${name}up_proj`, hidden, feedForward, bits),
    ...linear(`${name}down_proj`, feedForward, hidden, bits),
  ]
  const expert = (name: string): readonly SafetensorsTensor[] => [
    ...linear(`${name}w1`, hidden, feedForward, bits),
    ...linear(`${name}w3`, hidden, feedForward, bits),
    ...linear(`${name}w2`, feedForward, hidden, bits),
  ]
  return [
    tensor(`${key}input_layernorm.weight`, 'F16', hidden),
    tensor(`${key}post_attention_layernorm.weight`, 'F16', hidden),
    ...linear(`${key}self_attn.q_proj`, hidden, heads * headDim, bits),
    ...linear(`${key}self_attn.k_proj`, hidden, keyHeads * headDim, bits),
    ...linear(`${key}self_attn.v_proj`, hidden, keyHeads * headDim, bits),
    ...linear(`${key}self_attn.o_proj`, heads * headDim, hidden, bits),
    ...(experts === undefined
      ? mlp(`${key}mlp.`)
      : [
          tensor(`${key}block_sparse_moe.gate.weight`, 'F16', experts, hidden),
          ...Array.from({ length: experts }, (_, index) => expert(`${key}block_sparse_moe.experts.${index}.`)).flat(),
        ]),
  ]
}

const configOf = (shape: FolderShape): JsonObject => ({
  architectures: [shape.architecture],
  hidden_size: shape.hidden,
  num_hidden_layers: shape.blocks,
  num_attention_heads: shape.heads,
  num_key_value_heads: shape.keyHeads,
  head_dim: shape.headDim,
  intermediate_size: shape.feedForward,
  vocab_size: shape.vocab,
  max_position_embeddings: shape.positions,
  tie_word_embeddings: false,
  ...(shape.experts !== undefined && {
    num_local_experts: shape.experts,
    num_experts_per_tok: shape.expertsUsed ?? 2,
  }),
})

/** The header of a folder as a converter makes it of such a model, before there is one: all groups of one width. */
export const folderOf = (shape: FolderShape, format: 'exl2' | 'exl3' = 'exl2'): Exl2Header => {
  const linear = format === 'exl2' ? exl2Linear : exl3Linear
  return {
    config: configOf(shape),
    quantization: {
      quant_method: format,
      version: '0.2.4',
      bits: shape.bits,
      head_bits: shape.headBits,
      calibration: { rows: 115, length: 2048, dataset: '(default)' },
    },
    tensors: [
      tensor('model.embed_tokens.weight', 'F16', shape.vocab, shape.hidden),
      ...Array.from({ length: shape.blocks }, (_, block) =>
        blockTensors(shape, `model.layers.${block}.`, linear),
      ).flat(),
      tensor('model.norm.weight', 'F16', shape.hidden),
      ...linear('lm_head', shape.hidden, shape.vocab, shape.headBits),
    ],
  }
}
