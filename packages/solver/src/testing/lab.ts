/** Small models and machines made up for tests. */
import {
  bytes,
  describeModel,
  deviceId,
  type Device,
  engines,
  type GgufHeader,
  gibibytes,
  type Machine,
  machineId,
  mebibytes,
  type Model,
  type PackDemand,
  requestDefaults,
  tokens,
} from '@berth/core'

/** A llama of so many blocks: about 68 MiB each. */
export function smallModel(blocks: number): Model {
  const [embedding, feedForward, vocabulary] = [2048, 8192, 4096]
  const matrix = (name: string, ...shape: readonly number[]) => ({ name, shape, type: 'q8_0' as const })
  const norm = (name: string) => ({ name, shape: [embedding], type: 'f32' as const })
  const block = (at: number) => [
    norm(`blk.${at}.attn_norm.weight`),
    ...['q', 'k', 'v', 'output'].map((part) => matrix(`blk.${at}.attn_${part}.weight`, embedding, embedding)),
    norm(`blk.${at}.ffn_norm.weight`),
    ...['gate', 'up'].map((part) => matrix(`blk.${at}.ffn_${part}.weight`, embedding, feedForward)),
    matrix(`blk.${at}.ffn_down.weight`, feedForward, embedding),
  ]
  const header: GgufHeader = {
    metadata: {
      'general.architecture': 'llama',
      'general.name': `llama of ${blocks} blocks`,
      'llama.block_count': blocks,
      'llama.context_length': 8192,
      'llama.embedding_length': embedding,
      'llama.feed_forward_length': feedForward,
      'llama.attention.head_count': 16,
      'llama.attention.head_count_kv': 16,
      'llama.vocab_size': vocabulary,
      'llama.attention.layer_norm_rms_epsilon': 0.00001,
    },
    trimmedArrayLengths: {},
    tensors: [
      matrix('token_embd.weight', embedding, vocabulary),
      ...Array.from({ length: blocks }, (_, at) => block(at)).flat(),
      norm('output_norm.weight'),
      matrix('output.weight', embedding, vocabulary),
    ],
  }
  const described = describeModel(header)
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}

export const models = [12, 30, 50].map((blocks) => smallModel(blocks))

export const demandFor = (
  model: Model,
  change: Partial<PackDemand> & { readonly marginMib?: number } = {},
): PackDemand => {
  const { marginMib = 64, ...rest } = change
  return {
    ...{ model, engine: engines['llama.cpp'], replicas: 1, priority: 0, mayRelyOnHost: false },
    request: { ...requestDefaults, contextLength: tokens(1024), margin: mebibytes(marginMib) },
    ...rest,
  }
}

export interface CardShape {
  readonly gib: number
  readonly usedGib?: number
  readonly reservedGib?: number
}

const deviceOf = ({ gib, usedGib = 0, reservedGib = 0 }: CardShape, index: number): Device => ({
  id: deviceId(`gpu-${index}`),
  index,
  name: `card of ${gib} GiB`,
  backend: 'cuda',
  memoryTotal: gibibytes(gib),
  memory: { reported: { bytes: gibibytes(gib), provenance: 'typed' } },
  memoryUsed: gibibytes(usedGib),
  ...(reservedGib > 0 && { memoryReserved: gibibytes(reservedGib) }),
  unified: false,
  architecture: '8.6',
  uuid: `GPU-${String(index).padStart(8, '0')}-0000-0000-0000-000000000000`,
})

export const machineWith = (name: string, cards: readonly CardShape[], hostGib = 64): Machine => ({
  id: machineId(name),
  name,
  hostMemoryTotal: gibibytes(hostGib),
  hostMemoryUsed: bytes(0),
  devices: cards.map(deviceOf),
  links: [],
})
