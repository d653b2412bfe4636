import { contextTotals } from '../context/cache-tensors.ts'
import { type ContextShape, contextShape } from '../context/shape.ts'
import { isQuantized } from '../header/ggml-type.ts'
import type { Model } from '../model/model.ts'
import { bytes, type Bytes } from '../units.ts'
import { assumedCompute } from './assumed-compute.ts'
import { computeBuffers, flashAttentionWorks, pipelineParallel, wholeModelOnOneDevice } from './compute.ts'
import { loadedModel } from './loaded-model.ts'
import { mappedBytes } from './mapped.ts'
import type { PlaceTotals } from './place-totals.ts'
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

/** Everything the engine allocates for one run, per place: a sum of weights, context and replayed compute buffers. */
export function estimateMemory(asked: Run): RunMemory {
  const run = { ...asked, model: loadedModel(asked.model, asked.settings) }
  const { model, settings, layout } = run
  const shape = contextShape(model, settings)
  const pipelined = pipelineParallel(run)
  const flashAttention = resolveFlashAttention(run, shape)
  const compute = computePerPlace(run, shape, { flashAttention, pipelineParallel: pipelined })
  const parts = estimateStatic(run)
  const certainty = model.described ? 'exact' : 'assumed'
  return {
    devices: parts.devices.map((part, device) => ({ ...part, compute: bytes(compute.devices[device]!) })),
    host: {
      ...parts.host,
      compute: bytes(compute.host),
      output: outputBytes(model, shape),
      mapped: mappedBytes(model, layout),
    },
    pipelineParallel: pipelined,
    flashAttention,
    certainty: { model: 'exact', context: certainty, compute: certainty },
  }
}

/** In split mode tensor every device reserves what one device running the whole model would (Meta backend). */
function computePerPlace(run: Run, shape: ContextShape, options: Parameters<typeof computeBuffers>[2]): PlaceTotals {
  if (!run.model.described) return assumedCompute(run, shape, options)
  const { deviceCount, splitMode } = run.layout
  const tensorSplit = splitMode === 'tensor'
  const buffers = computeBuffers(tensorSplit ? wholeModelOnOneDevice(run) : run, shape, options)
  const devices = Array.from({ length: deviceCount }, (_, device) => buffers[tensorSplit ? 0 : device]!)
  return { devices, host: buffers.at(-1)! }
}

/** A quantized V cache, or split mode tensor, turns `auto` into `on` (`llama_init_from_model`). */
export function resolveFlashAttention(run: Run, shape: ContextShape): boolean {
  const { flashAttention, cacheTypeV } = run.settings
  if (run.model.withoutFlashAttention) return false
  if (flashAttention !== 'auto') return flashAttention === 'on'
  if (isQuantized(cacheTypeV) || run.layout.splitMode === 'tensor') return true
  // Without a graph to ask, the dearer answer.
  return run.model.described && flashAttentionWorks(run, shape)
}

/** `llama_context::output_reserve` at start: a row of logits per sequence, kept in pinned host memory. Exact. */
const outputBytes = (model: Model, shape: ContextShape): Bytes => bytes(shape.sequences * model.vocabSize * 4)
