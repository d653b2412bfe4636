import { bytes, describeExl2, type Exl2Model, SAFETENSORS_DTYPES, type SafetensorsDtype } from '@berth/core'

/** Smaug-34B-v0.1, which is of Yi-34B's sizes, at 3.0 bits a weight with an output layer of 6. */
const BLOCKS = 60
const HIDDEN = 7168
const FEED_FORWARD = 20_480
const HEADS = 56
const KEY_HEADS = 8
const VOCABULARY = 64_000
const CONTEXT = 200_000
const BITS = 3
const HEAD_BITS = 6

const tensor = (name: string, dtype: SafetensorsDtype, ...shape: readonly number[]) => ({
  name,
  dtype,
  shape,
  bytes: bytes((shape.reduce((product, size) => product * size, 1) * SAFETENSORS_DTYPES[dtype]) / 8),
})

/** Rows that share a scale. */
const GROUP = 128

/** A matrix as ExLlamaV2's converter stores it, all its groups of one width. */
const matrix = (key: string, inputs: number, outputs: number, width: number) => [
  tensor(`${key}.q_weight`, 'I32', (inputs * width) / 32, outputs),
  tensor(`${key}.q_invperm`, 'I32', inputs),
  tensor(`${key}.q_scale`, 'I32', inputs / GROUP, outputs / 8),
  tensor(`${key}.q_scale_max`, 'F16', inputs / GROUP),
  tensor(`${key}.q_groups`, 'I16', (2 * inputs) / GROUP),
]

function blockTensors(key: string) {
  const keys = (HIDDEN / HEADS) * KEY_HEADS
  return [
    tensor(`${key}.input_layernorm.weight`, 'F16', HIDDEN),
    tensor(`${key}.post_attention_layernorm.weight`, 'F16', HIDDEN),
    ...matrix(`${key}.self_attn.q_proj`, HIDDEN, HIDDEN, BITS),
    ...matrix(`${key}.self_attn.k_proj`, HIDDEN, keys, BITS),
    ...matrix(`${key}.self_attn.v_proj`, HIDDEN, keys, BITS),
    ...matrix(`${key}.self_attn.o_proj`, HIDDEN, HIDDEN, BITS),
    ...matrix(`${key}.mlp.gate_proj`, HIDDEN, FEED_FORWARD, BITS),
    ...matrix(`${key}.mlp.up_proj`, HIDDEN, FEED_FORWARD, BITS),
    ...matrix(`${key}.mlp.down_proj`, FEED_FORWARD, HIDDEN, BITS),
  ]
}

/** Made from its sizes; in the published folder a measurement chose the bits matrix by matrix. */
export function smaug34b(): Exl2Model {
  const described = describeExl2({
    config: {
      architectures: ['LlamaForCausalLM'],
      hidden_size: HIDDEN,
      num_hidden_layers: BLOCKS,
      num_attention_heads: HEADS,
      num_key_value_heads: KEY_HEADS,
      intermediate_size: FEED_FORWARD,
      vocab_size: VOCABULARY,
      max_position_embeddings: CONTEXT,
    },
    quantization: { bits: BITS, head_bits: HEAD_BITS },
    tensors: [
      tensor('model.embed_tokens.weight', 'F16', VOCABULARY, HIDDEN),
      ...Array.from({ length: BLOCKS }, (_, block) => blockTensors(`model.layers.${block}`)).flat(),
      tensor('model.norm.weight', 'F16', HIDDEN),
      ...matrix('lm_head', HIDDEN, VOCABULARY, HEAD_BITS),
    ],
  })
  if (!described.ok) throw new Error(`Smaug-34B: ${described.issue.code}`)
  return described.value
}
