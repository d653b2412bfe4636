import type { ContextShape } from '../../context/shape.ts'
import type { GgmlType } from '../../header/ggml-type.ts'
import { type OverrideLookup, placeLookup } from '../../memory/overrides.ts'
import { HOST, type PlaceIndex, type RunLayout } from '../../memory/run-memory.ts'
import type { RunSettings } from '../../memory/settings.ts'
import type { TensorInfo } from '../../header/header.ts'
import type { Model, TensorSuffix } from '../../model/model.ts'
import { type ComputeGraph, expand, newGraph } from '../compute-graph.ts'
import { inputTensor } from '../operations.ts'
import { type Backend, type Dims, type GraphTensor, newTensor } from '../tensor.ts'
import type { Folding } from './folding.ts'
import { attentionInputs, type AttentionInputs } from './inputs.ts'

/** Which of the graphs that llama.cpp reserves is built: `n_tokens`, `n_outputs` and `n_seqs` of `graph_reserve`. */
export interface GraphSize {
  readonly tokens: number
  readonly outputs: number
  readonly sequences: number
}

export interface GraphRun {
  readonly folding: Folding
  readonly model: Model
  readonly settings: RunSettings
  readonly shape: ContextShape
  readonly layout: RunLayout
  readonly flashAttention: boolean
  /** Off in the measurement of the automatic fit, whose scheduler reset drops the pins (`graph_get_cb`). */
  readonly normPinning: boolean
}

/** What the builders of src/llama-graph.cpp share (`llm_graph_context`): sizes, inputs, weights and caches of one graph. */
export interface GraphBuilder extends GraphRun {
  readonly graph: ComputeGraph
  readonly tokens: number
  readonly sequences: number
  readonly streams: number
  readonly hostBackend: Backend
  /** Every layer lies on a device. */
  readonly fullOffload: boolean
  readonly override: OverrideLookup
  readonly positions: GraphTensor
  readonly outputIds: GraphTensor
  readonly baseInputs: AttentionInputs
  readonly windowInputs: AttentionInputs | undefined
  readonly weights: readonly Map<TensorInfo, GraphTensor>[]
  readonly caches: Map<string, GraphTensor>
  /** How many nodes the graph had when each block was begun, and at the end. */
  readonly marks: number[]
  /** Flash attention's nodes and the block of each (`get_fused_nodes`). */
  readonly fusedAttention: { readonly node: GraphTensor; readonly il: number }[]
}

export function newBuilder(run: GraphRun, size: GraphSize): GraphBuilder {
  const { model, shape, layout } = run
  const windowed = model.windowed.some(Boolean)
  return {
    ...run,
    graph: newGraph(),
    tokens: size.tokens,
    sequences: size.sequences,
    streams: shape.streams,
    hostBackend: layout.deviceCount,
    fullOffload: layout.layers.every((place) => place !== HOST),
    override: placeLookup(model, layout.overrides),
    positions: inputTensor('i32', size.tokens * model.positionsPerToken),
    outputIds: inputTensor('i32', size.outputs),
    baseInputs: attentionInputs(run, size, false),
    windowInputs: windowed ? attentionInputs(run, size, true) : undefined,
    weights: Array.from({ length: layout.deviceCount + 1 }, () => new Map<TensorInfo, GraphTensor>()),
    caches: new Map(),
    marks: [],
    fusedAttention: [],
  }
}

/** The blocks to build, each marked where it begins. */
export function* eachBlock(b: GraphBuilder): Generator<number, void> {
  for (const il of b.folding.blocks) {
    b.marks.push(b.graph.nodes.length)
    yield il
  }
  b.marks.push(b.graph.nodes.length)
}

export const emit = (b: GraphBuilder, tensor: GraphTensor): GraphTensor => {
  expand(b.graph, tensor)
  return tensor
}

const backendOf = (b: GraphBuilder, place: PlaceIndex): Backend => (place === HOST ? b.hostBackend : place)

export const layerBackend = (b: GraphBuilder, il: number): Backend => backendOf(b, b.layout.layers[il]!)
/** Where the cache and states of block `il` lie. */
export const cacheBackend = (b: GraphBuilder, il: number): Backend =>
  b.settings.offloadKqv ? layerBackend(b, il) : b.hostBackend

/** A tensor of the file as the graph's leaf; one leaf a place. */
function leaf(b: GraphBuilder, info: TensorInfo | undefined, place: PlaceIndex): GraphTensor | undefined {
  if (!info) return undefined
  const buffer = backendOf(b, b.override(info.name, place))
  const leafs = b.weights[buffer]!
  const known = leafs.get(info)
  if (known) return known
  const ne: Dims = [info.shape[0] ?? 1, info.shape[1] ?? 1, info.shape[2] ?? 1, info.shape[3] ?? 1]
  const made = newTensor(info.type, ne, { buffer, isWeight: true })
  leafs.set(info, made)
  return made
}

/** `<name>.<suffix>` of the `blk.N` whose tensors block `il` uses, where that lies; undefined where the file has none. */
export const blockTensor = (
  b: GraphBuilder,
  il: number,
  name: string,
  suffix: TensorSuffix = 'weight',
): GraphTensor | undefined => {
  const at = b.model.weightBlock[il]!
  return leaf(b, b.model.blockTensorIndex[at]![suffix].get(name), b.layout.layers[at]!)
}

/** A block's tensor that its architecture cannot do without. */
export function requiredTensor(
  b: GraphBuilder,
  il: number,
  name: string,
  suffix: TensorSuffix = 'weight',
): GraphTensor {
  return blockTensor(b, il, name, suffix) ?? missing(`blk.${b.model.weightBlock[il]}.${name}${suffix && `.${suffix}`}`)
}

const globalTensor = (b: GraphBuilder, name: string, place: PlaceIndex): GraphTensor | undefined =>
  leaf(b, b.model.tensors.get(name), place)

/** A global tensor that lies with the output layer. */
export const outputTensor = (
  b: GraphBuilder,
  name: string,
  suffix: 'weight' | 'bias' | 'scale' = 'weight',
): GraphTensor | undefined => globalTensor(b, `${name}.${suffix}`, b.layout.layers[b.model.blockCount]!)

/** A global tensor created for block 0. */
export const firstBlockTensor = (
  b: GraphBuilder,
  name: string,
  suffix: 'weight' | 'bias' = 'weight',
): GraphTensor | undefined => globalTensor(b, `${name}.${suffix}`, b.layout.layers[0]!)

/** A tensor of the input layer, always in host memory; its full name. */
export const hostInput = (b: GraphBuilder, name: string): GraphTensor => globalTensor(b, name, HOST) ?? missing(name)

/** As `hostInput`, the matrix of that name. */
export const hostTensor = (b: GraphBuilder, name: string): GraphTensor => hostInput(b, `${name}.weight`)

/** `rope_freqs`, or the short one of `rope_factors_*` (sizes are equal), as block `il` reads it. */
export const ropeFactors = (b: GraphBuilder, il: number): GraphTensor | undefined => {
  const place = b.layout.layers[b.model.weightBlock[il]!]!
  return globalTensor(b, 'rope_freqs.weight', place) ?? globalTensor(b, 'rope_factors_short.weight', place)
}

/** A cache or state tensor: preallocated, but no weight. */
export function cacheTensor(
  b: GraphBuilder,
  key: string,
  il: number,
  shape: { readonly type: GgmlType; readonly ne: Dims },
): GraphTensor {
  const name = `${key}:${il}`
  const known = b.caches.get(name)
  if (known) return known
  const made = newTensor(shape.type, shape.ne, { buffer: cacheBackend(b, il) })
  b.caches.set(name, made)
  return made
}

/** A described architecture whose file lacks a tensor: describeModel's caller is told by name. */
export class MissingTensorError extends Error {
  readonly tensor: string
  constructor(tensor: string) {
    super(`tensor ${tensor} is missing`)
    this.name = 'MissingTensorError'
    this.tensor = tensor
  }
}

export function missing(tensor: string): never {
  throw new MissingTensorError(tensor)
}
