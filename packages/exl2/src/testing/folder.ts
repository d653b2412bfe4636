import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type JsonObject, SAFETENSORS_DTYPES, type SafetensorsDtype } from '@berth/core'

/** Look-alikes of published folders, made from their hyperparameters; no one's file. */

/** A tensor as a header lists it, its data not yet placed. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: SafetensorsDtype
  readonly shape: readonly number[]
}

export const tensor = (name: string, dtype: SafetensorsDtype, ...shape: readonly number[]): TensorEntry => ({
  name,
  dtype,
  shape,
})

const sizeOf = ({ dtype, shape }: TensorEntry): number =>
  (shape.reduce((product, size) => product * size, 1) * SAFETENSORS_DTYPES[dtype]) / 8

/** A header as safetensors writes it: data in the order given, padded with spaces to whole words. */
export const safetensorsJson = (tensors: readonly TensorEntry[]): string => {
  let at = 0
  const entries = tensors.map((each) => {
    const begin = at
    at += sizeOf(each)
    return [each.name, { dtype: each.dtype, shape: each.shape, data_offsets: [begin, at] }] as const
  })
  const json = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) })
  return json.padEnd(Math.ceil(json.length / 8) * 8)
}

/** Length and header of a file; its data is not in it. */
export const headerFile = (json: string | Uint8Array): Uint8Array => {
  const bytes = typeof json === 'string' ? new TextEncoder().encode(json) : json
  const file = new Uint8Array(8 + bytes.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(bytes.length), true)
  file.set(bytes, 8)
  return file
}

/** A whole file, its data zeroes. */
export const safetensorsFile = (tensors: readonly TensorEntry[]): Uint8Array => {
  const header = headerFile(safetensorsJson(tensors))
  const file = new Uint8Array(header.length + tensors.reduce((sum, each) => sum + sizeOf(each), 0))
  file.set(header)
  return file
}

const linear = (key: string, inputs: number, outputs: number, bits: number): readonly TensorEntry[] => [
  tensor(`${key}.q_weight`, 'I32', (inputs * bits) / 32, outputs),
  tensor(`${key}.q_invperm`, 'I32', inputs),
  tensor(`${key}.q_scale`, 'I32', inputs / 128, outputs / 8),
  tensor(`${key}.q_scale_max`, 'F16', inputs / 128),
  tensor(`${key}.q_groups`, 'I16', (2 * inputs) / 128),
]

export interface Shape {
  readonly blocks: number
  readonly hidden: number
  readonly keyWidth: number
  readonly feedForward: number
  readonly vocab: number
}

export const SMALL: Shape = { blocks: 2, hidden: 256, keyWidth: 128, feedForward: 512, vocab: 320 }
export const SEVENTY_B: Shape = { blocks: 80, hidden: 8192, keyWidth: 1024, feedForward: 28_672, vocab: 128_256 }

/** A llama at four bits, as ExLlamaV2's converter names and orders its tensors. */
export const llamaTensors = ({ blocks, hidden, keyWidth, feedForward, vocab }: Shape): readonly TensorEntry[] => [
  tensor('model.embed_tokens.weight', 'F16', vocab, hidden),
  ...Array.from({ length: blocks }, (_, block) => {
    const key = `model.layers.${block}`
    return [
      tensor(`${key}.input_layernorm.weight`, 'F16', hidden),
      ...linear(`${key}.self_attn.q_proj`, hidden, hidden, 4),
      ...linear(`${key}.self_attn.k_proj`, hidden, keyWidth, 4),
      ...linear(`${key}.self_attn.v_proj`, hidden, keyWidth, 4),
      ...linear(`${key}.self_attn.o_proj`, hidden, hidden, 4),
      tensor(`${key}.post_attention_layernorm.weight`, 'F16', hidden),
      ...linear(`${key}.mlp.gate_proj`, hidden, feedForward, 4),
      ...linear(`${key}.mlp.up_proj`, hidden, feedForward, 4),
      ...linear(`${key}.mlp.down_proj`, feedForward, hidden, 4),
    ]
  }).flat(),
  tensor('model.norm.weight', 'F16', hidden),
  ...linear('lm_head', hidden, vocab, 6),
]

export const QUANTIZATION: JsonObject = { quant_method: 'exl2', version: '0.2.4', bits: 4, head_bits: 6 }

export const llamaConfig = ({ blocks, hidden, keyWidth, vocab }: Shape): JsonObject => ({
  architectures: ['LlamaForCausalLM'],
  hidden_size: hidden,
  num_hidden_layers: blocks,
  num_attention_heads: hidden / 64,
  num_key_value_heads: keyWidth / 64,
  vocab_size: vocab,
  max_position_embeddings: 8192,
  quantization_config: QUANTIZATION,
})

/** Files of a folder by their names. */
export type Files = Readonly<Record<string, Uint8Array | string>>

export const llamaFolder = (shape: Shape): Files => ({
  'config.json': JSON.stringify(llamaConfig(shape)),
  'output.safetensors': safetensorsFile(llamaTensors(shape)),
})

/** Tensors dealt out in order over files named as the converter names them. */
export const inShards = (
  tensors: readonly TensorEntry[],
  count: number,
): readonly (readonly [string, readonly TensorEntry[]])[] => {
  const each = Math.ceil(tensors.length / count)
  const number = (index: number): string => String(index).padStart(5, '0')
  return Array.from({ length: count }, (_, index) => [
    `output-${number(index + 1)}-of-${number(count)}.safetensors`,
    tensors.slice(index * each, (index + 1) * each),
  ])
}

export const writeFolder = async (path: string, files: Files): Promise<string> => {
  await mkdir(path, { recursive: true })
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content)
  return path
}

/** A file of full size whose data is a hole: it takes the room of its header. */
export const writeSparse = async (path: string, tensors: readonly TensorEntry[]): Promise<void> => {
  const header = headerFile(safetensorsJson(tensors))
  const file = await open(path, 'w')
  try {
    await file.write(header)
    await file.truncate(header.length + tensors.reduce((sum, each) => sum + sizeOf(each), 0))
  } finally {
    await file.close()
  }
}

/** A folder of full size that takes the room of its headers. */
export const writeSparseFolder = async (path: string, shape: Shape, config: JsonObject = {}): Promise<string> => {
  await writeFolder(path, { 'config.json': JSON.stringify({ ...llamaConfig(shape), ...config }) })
  await writeSparse(join(path, 'output.safetensors'), llamaTensors(shape))
  return path
}
