/** Models and machines made up for tests: real shapes, no file behind them. */
import type { GgmlType } from '../header/ggml-type.ts'
import type { GgufHeader, TensorInfo } from '../header/header.ts'
import { deviceId, machineId } from '../ids.ts'
import type { Backend, Device, Machine } from '../machine/machine.ts'
import { describeModel } from '../model/describe.ts'
import type { Model } from '../model/model.ts'
import { bytes, gibibytes } from '../units.ts'

export interface ModelShape {
  readonly blocks: number
  readonly embedding: number
  readonly feedForward: number
  readonly heads: number
  readonly headsKv: number
  readonly vocabulary: number
  readonly experts?: number
  readonly expertsUsed?: number
  readonly type?: GgmlType
  readonly trained?: number
  /** No output matrix of its own. */
  readonly tied?: true
}

/** A llama of this shape, dense or with experts. */
export const llamaModel = (shape: ModelShape): Model => modelOf(llamaHeader(shape))

export const llamaHeader = (shape: ModelShape): GgufHeader => ({
  metadata: metadataOf(shape),
  trimmedArrayLengths: {},
  tensors: tensorsOf(shape),
})

/** The model of a header that is known to be sound. */
export function modelOf(header: GgufHeader): Model {
  const described = describeModel(header)
  if (!described.ok) throw new Error(JSON.stringify(described.issue))
  return described.value
}

function metadataOf(shape: ModelShape): GgufHeader['metadata'] {
  const { blocks, embedding, feedForward, heads, headsKv, vocabulary, experts, expertsUsed, trained } = shape
  return {
    'general.architecture': 'llama',
    'general.name': `llama of ${blocks} blocks`,
    'llama.block_count': blocks,
    'llama.context_length': trained ?? 131072,
    'llama.embedding_length': embedding,
    'llama.feed_forward_length': feedForward,
    'llama.attention.head_count': heads,
    'llama.attention.head_count_kv': headsKv,
    'llama.vocab_size': vocabulary,
    'llama.attention.layer_norm_rms_epsilon': 0.00001,
    ...(experts ? { 'llama.expert_count': experts, 'llama.expert_used_count': expertsUsed ?? 2 } : {}),
  }
}

function tensorsOf(shape: ModelShape): readonly TensorInfo[] {
  const { blocks, embedding, vocabulary, type = 'q4_K', tied } = shape
  const matrix = (name: string, ...dimensions: readonly number[]): TensorInfo => ({ name, shape: dimensions, type })
  const norm = (name: string): TensorInfo => ({ name, shape: [embedding], type: 'f32' })
  return [
    matrix('token_embd.weight', embedding, vocabulary),
    ...Array.from({ length: blocks }, (_, il) => blockTensors(shape, `blk.${il}.`, { matrix, norm })).flat(),
    norm('output_norm.weight'),
    ...(tied ? [] : [matrix('output.weight', embedding, vocabulary)]),
  ]
}

interface Make {
  readonly matrix: (name: string, ...dimensions: readonly number[]) => TensorInfo
  readonly norm: (name: string) => TensorInfo
}

function blockTensors(shape: ModelShape, prefix: string, { matrix, norm }: Make): readonly TensorInfo[] {
  const { embedding, feedForward, heads, headsKv, experts } = shape
  const keys = (embedding / heads) * headsKv
  const of = experts ? [experts] : []
  const part = experts ? '_exps' : ''
  return [
    norm(`${prefix}attn_norm.weight`),
    matrix(`${prefix}attn_q.weight`, embedding, embedding),
    matrix(`${prefix}attn_k.weight`, embedding, keys),
    matrix(`${prefix}attn_v.weight`, embedding, keys),
    matrix(`${prefix}attn_output.weight`, embedding, embedding),
    norm(`${prefix}ffn_norm.weight`),
    ...(experts ? [{ name: `${prefix}ffn_gate_inp.weight`, shape: [embedding, experts], type: 'f32' as const }] : []),
    matrix(`${prefix}ffn_gate${part}.weight`, embedding, feedForward, ...of),
    matrix(`${prefix}ffn_up${part}.weight`, embedding, feedForward, ...of),
    matrix(`${prefix}ffn_down${part}.weight`, feedForward, embedding, ...of),
  ]
}

/** The shape of a 70B llama of 80 blocks. */
export const llama70b: ModelShape = {
  blocks: 80,
  embedding: 8192,
  feedForward: 28672,
  heads: 64,
  headsKv: 8,
  vocabulary: 128256,
}

/** The shape of an 8B llama of 32 blocks. */
export const llama8b: ModelShape = {
  blocks: 32,
  embedding: 4096,
  feedForward: 14336,
  heads: 32,
  headsKv: 8,
  vocabulary: 128256,
}

/** A mixture of eight experts, two in use, of 32 blocks. */
export const mixture: ModelShape = { ...llama8b, vocabulary: 32000, experts: 8, trained: 32768 }

export interface CardShape {
  readonly gib: number
  readonly used?: number
  readonly backend?: Backend
  readonly architecture?: string
  readonly changes?: Partial<Device>
}

export function machineOf(cards: readonly CardShape[], hostGib?: number): Machine {
  return {
    id: machineId('lab'),
    name: 'lab',
    ...(hostGib !== undefined && { hostMemoryTotal: gibibytes(hostGib) }),
    devices: cards.map(cardOf),
    links: [],
  }
}

function cardOf({ gib, used, backend = 'cuda', architecture = '8.6', changes }: CardShape, index: number): Device {
  return {
    id: deviceId(`gpu-${index}`),
    index,
    name: `card of ${gib} GiB`,
    backend,
    memoryTotal: gibibytes(gib),
    memory: { reported: { bytes: gibibytes(gib), provenance: 'typed' } },
    memoryUsed: bytes(Math.round((used ?? 0) * 2 ** 30)),
    unified: false,
    architecture,
    uuid: `GPU-${String(index).padStart(8, '0')}-0000-0000-0000-000000000000`,
    ...changes,
  }
}
