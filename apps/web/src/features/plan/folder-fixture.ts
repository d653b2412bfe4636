import { describeExl2, type Exl2Model, SAFETENSORS_DTYPES, type SafetensorsDtype, bytes } from '@berth/core'

const BLOCKS = 2
const HIDDEN = 256

const tensor = (name: string, dtype: SafetensorsDtype, ...shape: readonly number[]) => ({
  name,
  dtype,
  shape,
  bytes: bytes((shape.reduce((product, size) => product * size, 1) * SAFETENSORS_DTYPES[dtype]) / 8),
})

const matrix = (key: string, inputs: number, outputs: number) => [
  tensor(`${key}.q_weight`, 'I32', inputs / 8, outputs),
  tensor(`${key}.q_invperm`, 'I32', inputs),
]

/** A llama of EXL2 for tests, as small as one can be. */
export function folderModel(): Exl2Model {
  const described = describeExl2({
    config: {
      architectures: ['LlamaForCausalLM'],
      hidden_size: HIDDEN,
      num_hidden_layers: BLOCKS,
      num_attention_heads: 4,
      vocab_size: 320,
      max_position_embeddings: 4096,
    },
    quantization: { bits: 4 },
    tensors: [
      tensor('model.embed_tokens.weight', 'F16', 320, HIDDEN),
      ...Array.from({ length: BLOCKS }, (_, block) => `model.layers.${block}`).flatMap((key) => [
        ...['q_proj', 'k_proj', 'v_proj', 'o_proj'].flatMap((name) =>
          matrix(`${key}.self_attn.${name}`, HIDDEN, HIDDEN),
        ),
        ...['gate_proj', 'up_proj'].flatMap((name) => matrix(`${key}.mlp.${name}`, HIDDEN, 512)),
        ...matrix(`${key}.mlp.down_proj`, 512, HIDDEN),
        tensor(`${key}.input_layernorm.weight`, 'F16', HIDDEN),
      ]),
      tensor('model.norm.weight', 'F16', HIDDEN),
      ...matrix('lm_head', HIDDEN, 320),
    ],
  })
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}
