import { contextTotals } from '../context/cache-tensors.ts'
import { type ContextShape, contextShape } from '../context/shape.ts'
import { isQuantized } from '../header/ggml-type.ts'
import type { Model } from '../model/model.ts'
import { bytes, type Bytes } from '../units.ts'
import { assumedCompute } from './assumed-compute.ts'
import {
  automaticBuffers,
  computeBuffers,
  flashAttentionWorks,
  pipelineParallel,
  wholeModelOnOneDevice,
} from './compute.ts'
import { graphReserver, promptSize } from './graph-reserver.ts'
import { loadedModel } from './loaded-model.ts'
import { mappedBytes } from './mapped.ts'
import type { PlaceTotals } from './place-totals.ts'
import { type Computed, replayedOnce } from './replay-memo.ts'
import type { RunMemory } from './run-memory.ts'
import type { Run } from './run.ts'
import { tensorSplitContext, tensorSplitWeights } from './tensor-split/totals.ts'
import { weightTotals } from './weights.ts'

export interface StaticMemory {
  readonly devices: readonly { readonly model: Bytes; readonly context: Bytes }[]
  readonly host: { readonly model: Bytes; readonly context: Bytes }
}

/** Weights and context per place, without the compute buffers that need a replay. Exact, in microseconds. */
export function estimateStatic(asked: Run): StaticMemory {
  const run = { ...asked, model: loadedModel(asked.model, asked.settings) }
  const { model, settings, layout } = run
  const shape = contextShape(model, settings)
  const tensorSplit = layout.splitMode === 'tensor'
  const weights: PlaceTotals = tensorSplit ? tensorSplitWeights(run) : weightTotals(model, layout)
  const context: PlaceTotals = tensorSplit
    ? tensorSplitContext(run, shape)
    : contextTotals(model, settings, shape, layout)
  return {
    devices: weights.devices.map((count, device) => ({
      model: bytes(count),
      context: bytes(context.devices[device]!),
    })),
    host: { model: bytes(weights.host), context: bytes(context.host) },
  }
}

/** What a run computes in, beside its weights and context. */
export interface ComputeMemory extends Pick<RunMemory, 'pipelineParallel' | 'flashAttention'> {
  readonly devices: readonly Bytes[]
  readonly host: Pick<RunMemory['host'], 'compute' | 'output'>
}

/** Replayed compute buffers per place, and the rows of logits on the host. As exact as `estimateMemory`. */
export function estimateCompute(asked: Run): ComputeMemory {
  const run = { ...asked, model: loadedModel(asked.model, asked.settings) }
  const { model, settings } = run
  const shape = contextShape(model, settings)
  const pipelined = pipelineParallel(run)
  const { flashAttention, compute } = replayedOnce(run, () => computePerPlace(run, shape, pipelined))
  return {
    devices: compute.devices.map(bytes),
    host: { compute: bytes(compute.host), output: outputBytes(model, shape) },
    ...{ pipelineParallel: pipelined, flashAttention },
  }
}

/**
 * The same of the prompt's graph alone, at half the cost: a lower bound, and of every architecture described so far all
 * there is, as a generation's graph of a token a sequence is smaller everywhere. What `auto` comes to may be known of the
 * same model: where everything lies on devices, how it is split does not matter to it.
 */
export function estimatePromptCompute(asked: Run & { readonly resolvedFlashAttention?: boolean }): ComputeMemory {
  const run = { ...asked, model: loadedModel(asked.model, asked.settings) }
  const { model, settings } = run
  const shape = contextShape(model, settings)
  const pipelined = pipelineParallel(run)
  const flashAttention = asked.resolvedFlashAttention ?? resolveFlashAttention(run, shape)
  const options = { flashAttention, pipelineParallel: pipelined }
  const buffers = model.described
    ? graphReserver(run, shape, options).reserve(promptSize(shape)).bufferBytes
    : inOrder(assumedCompute(run, shape, options))
  return {
    devices: buffers.slice(0, -1).map(bytes),
    host: { compute: bytes(buffers.at(-1)!), output: outputBytes(model, shape) },
    ...{ pipelineParallel: pipelined, flashAttention },
  }
}

const inOrder = ({ devices, host }: PlaceTotals): readonly number[] => [...devices, host]

/** Everything the engine allocates for one run, per place: a sum of weights, context and replayed compute buffers. */
export function estimateMemory(run: Run): RunMemory {
  const { devices, host, pipelineParallel: pipelined, flashAttention } = estimateCompute(run)
  const parts = estimateStatic(run)
  const model = loadedModel(run.model, run.settings)
  const certainty = model.described ? 'exact' : 'assumed'
  return {
    devices: parts.devices.map((part, device) => ({ ...part, compute: devices[device]! })),
    host: { ...parts.host, ...host, mapped: mappedBytes(model, run.layout) },
    pipelineParallel: pipelined,
    flashAttention,
    certainty: { model: 'exact', context: certainty, compute: certainty },
  }
}

function computePerPlace(run: Run, shape: ContextShape, pipelined: boolean): Computed {
  const decided = decidedFlashAttention(run)
  const options = { flashAttention: decided ?? false, pipelineParallel: pipelined }
  if (!run.model.described) {
    return { flashAttention: options.flashAttention, compute: assumedCompute(run, shape, options) }
  }
  if (decided === undefined) {
    const { flashAttention, buffers } = automaticBuffers(run, shape, options)
    return { flashAttention, compute: { devices: buffers.slice(0, -1), host: buffers.at(-1)! } }
  }
  return { flashAttention: decided, compute: decidedCompute(run, shape, options) }
}

/** In split mode tensor every device reserves what one device running the whole model would (Meta backend). */
function decidedCompute(run: Run, shape: ContextShape, options: Parameters<typeof computeBuffers>[2]): PlaceTotals {
  const { deviceCount, splitMode } = run.layout
  const tensorSplit = splitMode === 'tensor'
  const buffers = computeBuffers(tensorSplit ? wholeModelOnOneDevice(run) : run, shape, options)
  const devices = Array.from({ length: deviceCount }, (_, device) => buffers[tensorSplit ? 0 : device]!)
  return { devices, host: buffers.at(-1)! }
}

/**
 * A quantized V cache, or split mode tensor, turns `auto` into `on` (`llama_init_from_model`). Undefined where `auto` is
 * left to the graph.
 */
function decidedFlashAttention({ model, settings, layout }: Run): boolean | undefined {
  const { flashAttention, cacheTypeV } = settings
  if (model.withoutFlashAttention) return false
  if (flashAttention !== 'auto') return flashAttention === 'on'
  return isQuantized(cacheTypeV) || layout.splitMode === 'tensor' ? true : undefined
}

/** Whether a run has flash attention. Without a graph to ask, the dearer answer. */
export const resolveFlashAttention = (run: Run, shape: ContextShape): boolean =>
  decidedFlashAttention(run) ?? (run.model.described && flashAttentionWorks(run, shape))

/** `llama_context::output_reserve` at start: a row of logits per sequence, kept in pinned host memory. Exact. */
const outputBytes = (model: Model, shape: ContextShape): Bytes => bytes(shape.sequences * model.vocabSize * 4)
