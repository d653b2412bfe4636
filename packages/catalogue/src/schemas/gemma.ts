import type { TensorInfo } from '@berth/core'
import type { Shape } from './shape.ts'
import { ends, gatedFfn, matrix, type Namer, parameter, perBlock, splitAttention, vector } from './tensors.ts'

/** The four norms of a Gemma block stand before and after attention and FFN. */
const blockNorms = (name: Namer, embedding: number): readonly TensorInfo[] =>
  ['attn_norm', 'post_attention_norm', 'ffn_norm', 'post_ffw_norm'].map((part) => vector(name(part), embedding))

const gemma =
  (norm: 'head' | undefined) =>
  (shape: Shape): readonly TensorInfo[] => [
    ...ends(shape),
    ...perBlock(shape, (block, name) => [
      ...blockNorms(name, shape.embedding),
      ...splitAttention(shape, { block, name }, { norm }),
      ...gatedFfn(name, shape.embedding, shape.number('feed_forward_length')),
    ]),
  ]

export const gemma2 = gemma(undefined)
export const gemma3 = gemma('head')

/** Gemma 3n and the small Gemma 4 look up a vector a block beside the token embedding. */
const perLayerEnds = (shape: Shape, length: number): readonly TensorInfo[] => [
  matrix('per_layer_token_embd', length * shape.blockCount, shape.vocab),
  // A projection that the converter keeps in F32.
  vector('per_layer_model_proj', shape.embedding, length * shape.blockCount),
  vector('per_layer_proj_norm', length),
]

const perLayerBlock = (name: Namer, embedding: number, length: number): readonly TensorInfo[] => [
  matrix(name('inp_gate'), embedding, length),
  matrix(name('proj'), length, embedding),
  vector(name('post_norm'), embedding),
]

/** AltUp streams and the rank of LAuReL, which no key of the header tells: both constant in every Gemma 3n. */
const ALTUP_STREAMS = 4
const LAUREL_RANK = 64
const GEMMA3N_PER_LAYER_LENGTH = 256

export const gemma3n = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  return [
    ...ends(shape),
    ...perLayerEnds(shape, GEMMA3N_PER_LAYER_LENGTH),
    vector('altup_proj', embedding, embedding, ALTUP_STREAMS - 1),
    vector('altup_unembd_proj', embedding, embedding, ALTUP_STREAMS - 1),
    ...perBlock(shape, (block, name) => [
      ...blockNorms(name, embedding),
      ...splitAttention(shape, { block, name }, { norm: 'head' }),
      ...gatedFfn(name, embedding, shape.at('feed_forward_length', block)),
      ...perLayerBlock(name, embedding, GEMMA3N_PER_LAYER_LENGTH),
      vector(name('altup_correct_coef'), ALTUP_STREAMS, ALTUP_STREAMS),
      vector(name('altup_correct_scale'), embedding),
      vector(name('altup_predict_coef'), ALTUP_STREAMS, ALTUP_STREAMS ** 2),
      vector(name('altup_router'), embedding, ALTUP_STREAMS),
      vector(name('altup_router_norm'), embedding),
      vector(name('laurel_l'), embedding, LAUREL_RANK),
      vector(name('laurel_r'), LAUREL_RANK, embedding),
      vector(name('laurel_post_norm'), embedding),
    ]),
  ]
}

/** Experts beside the dense FFN, gate and up projection in one matrix, with scales of their own. */
function gemma4Experts(name: Namer, shape: Shape): readonly TensorInfo[] {
  const { embedding } = shape
  const [experts, width] = [shape.number('expert_count'), shape.number('expert_feed_forward_length')]
  return [
    vector(name('ffn_gate_inp'), embedding, experts),
    parameter(name('ffn_gate_inp.scale'), embedding),
    ...['pre_ffw_norm_2', 'post_ffw_norm_1', 'post_ffw_norm_2'].map((part) => vector(name(part), embedding)),
    matrix(name('ffn_gate_up_exps'), embedding, 2 * width, experts),
    matrix(name('ffn_down_exps'), width, embedding, experts),
    parameter(name('ffn_down_exps.scale'), experts),
  ]
}

/** Windowed and global blocks of Gemma 4 differ in head size. */
export const gemma4 = (shape: Shape): readonly TensorInfo[] => {
  const { embedding } = shape
  const perLayer = shape.number('embedding_length_per_layer_input')
  return [
    ...ends(shape),
    ...(perLayer > 0 ? perLayerEnds(shape, perLayer) : []),
    ...perBlock(shape, (block, name) => {
      const windowed = shape.flag('attention.sliding_window_pattern', block)
      return [
        ...blockNorms(name, embedding),
        ...splitAttention(
          shape,
          { block, name },
          {
            norm: 'head',
            keyLength: shape.number(windowed ? 'attention.key_length_swa' : 'attention.key_length'),
            valueLength: shape.number(windowed ? 'attention.value_length_swa' : 'attention.value_length'),
            keysAsValues: shape.layout.keysAsValues === true && !windowed,
          },
        ),
        ...gatedFfn(name, embedding, shape.at('feed_forward_length', block)),
        ...(shape.has('expert_count') ? gemma4Experts(name, shape) : []),
        ...(perLayer > 0 ? perLayerBlock(name, embedding, perLayer) : []),
        vector(name('layer_output_scale'), 1),
      ]
    }),
  ]
}
