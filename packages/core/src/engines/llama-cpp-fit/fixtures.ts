/** Models of twelve blocks for tests of the fit. */
import type { GgufHeader, HeaderValue, TensorInfo } from '../../header/header.ts'
import type { Run } from '../../memory/run.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { describeModel } from '../../model/describe.ts'
import type { Model } from '../../model/model.ts'
import { mebibytes } from '../../units.ts'
import type { FitDevice } from './fit.ts'

const matrix = (name: string, ...shape: number[]): TensorInfo => ({ name, shape, type: 'f16' })
const vector = (name: string, ...shape: number[]): TensorInfo => ({ name, shape, type: 'f32' })

export const BLOCKS = 12
const EMBEDDING = 1024
const FEED_FORWARD = 4096

function headerOf(
  architecture: string,
  keys: Readonly<Record<string, HeaderValue>>,
  block: (prefix: string) => readonly TensorInfo[],
): GgufHeader {
  const shared = { block_count: BLOCKS, context_length: 65_536, embedding_length: EMBEDDING }
  const own = Object.entries({ ...shared, ...keys }).map(([key, value]) => [`${architecture}.${key}`, value])
  return {
    metadata: { 'general.architecture': architecture, ...Object.fromEntries(own) },
    trimmedArrayLengths: {},
    tensors: [
      matrix('token_embd.weight', EMBEDDING, 16_384),
      vector('output_norm.weight', EMBEDDING),
      matrix('output.weight', EMBEDDING, 16_384),
      ...Array.from({ length: BLOCKS }, (_, il) => block(`blk.${il}`)).flat(),
    ],
  }
}

function llamaHeader(experts: number): GgufHeader {
  const wide = experts > 0 ? [experts] : []
  const suffix = experts > 0 ? '_exps' : ''
  const keys = {
    feed_forward_length: FEED_FORWARD,
    'attention.head_count': 8,
    'attention.head_count_kv': 4,
    ...(experts > 0 ? { expert_count: experts, expert_used_count: 2 } : {}),
  }
  return headerOf('llama', keys, (prefix) => [
    vector(`${prefix}.attn_norm.weight`, EMBEDDING),
    matrix(`${prefix}.attn_q.weight`, EMBEDDING, 1024),
    matrix(`${prefix}.attn_k.weight`, EMBEDDING, 512),
    matrix(`${prefix}.attn_v.weight`, EMBEDDING, 512),
    matrix(`${prefix}.attn_output.weight`, 1024, EMBEDDING),
    vector(`${prefix}.ffn_norm.weight`, EMBEDDING),
    ...(experts > 0 ? [vector(`${prefix}.ffn_gate_inp.weight`, EMBEDDING, experts)] : []),
    matrix(`${prefix}.ffn_gate${suffix}.weight`, EMBEDDING, FEED_FORWARD, ...wide),
    matrix(`${prefix}.ffn_up${suffix}.weight`, EMBEDDING, FEED_FORWARD, ...wide),
    matrix(`${prefix}.ffn_down${suffix}.weight`, FEED_FORWARD, EMBEDDING, ...wide),
  ])
}

function mambaHeader(): GgufHeader {
  const [inner, state, heads, groups] = [2048, 128, 32, 8]
  const convolved = inner + 2 * groups * state
  const keys = {
    feed_forward_length: 0,
    'attention.head_count': 0,
    'ssm.conv_kernel': 4,
    'ssm.inner_size': inner,
    'ssm.state_size': state,
    'ssm.time_step_rank': heads,
    'ssm.group_count': groups,
  }
  return headerOf('mamba2', keys, (prefix) => [
    vector(`${prefix}.attn_norm.weight`, EMBEDDING),
    matrix(`${prefix}.ssm_in.weight`, EMBEDDING, inner + convolved + heads),
    vector(`${prefix}.ssm_conv1d.weight`, 4, convolved),
    vector(`${prefix}.ssm_conv1d.bias`, convolved),
    vector(`${prefix}.ssm_dt.bias`, heads),
    vector(`${prefix}.ssm_a`, 1, heads),
    vector(`${prefix}.ssm_d`, 1, heads),
    vector(`${prefix}.ssm_norm.weight`, inner / groups, groups),
    matrix(`${prefix}.ssm_out.weight`, inner, EMBEDDING),
  ])
}

function modelOf(header: GgufHeader): Model {
  const described = describeModel(header)
  if (!described.ok) throw new Error(JSON.stringify(described.issue))
  return described.value
}

export const models = {
  dense: modelOf(llamaHeader(0)),
  mixture: modelOf(llamaHeader(8)),
  recurrent: modelOf(mambaHeader()),
  unknown: modelOf({ ...llamaHeader(0), metadata: renamed(llamaHeader(0), 'llama', 'unheard-of') }),
}

function renamed({ metadata }: GgufHeader, from: string, to: string): GgufHeader['metadata'] {
  const entries = Object.entries(metadata).map(([key, value]) => [key.replace(`${from}.`, `${to}.`), value])
  return { ...Object.fromEntries(entries), 'general.architecture': to }
}

export const runOf = (model: Model, request: Partial<RunRequest> = {}, layout: Partial<Run['layout']> = {}): Run => ({
  model,
  settings: { ...requestDefaults, flashAttention: 'on', ...request, outputsMax: 0, pipelineAllowed: true },
  layout: { splitMode: 'layer', deviceCount: 0, layers: [], overrides: [], ...layout },
})

export const devicesOf = (freeMib: readonly number[]): readonly FitDevice[] =>
  freeMib.map((mib) => ({ free: mebibytes(mib) }))

/** Patterns that leave the experts of these blocks on the host. */
export const experts = (first: number, last: number): readonly string[] =>
  Array.from(
    { length: last - first + 1 },
    (_, index) => String.raw`blk\.${first + index}\.ffn_(up|down|gate_up|gate)_(ch|)exps=CPU`,
  )
