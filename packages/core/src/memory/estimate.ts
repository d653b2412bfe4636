import { contextTotals } from '../context/cache-tensors.ts'
import { type ContextShape, contextShape } from '../context/shape.ts'
import { isQuantized } from '../header/ggml-type.ts'
import type { Model } from '../model/model.ts'
import { bytes, type Bytes } from '../units.ts'
import { computeBuffers, flashAttentionWorks, pipelineParallel } from './compute.ts'
import type { RunLayout, RunMemory } from './run-memory.ts'
import type { RunSettings } from './settings.ts'
import { weightTotals } from './weights.ts'

/** One run to be judged: a model, how the engine runs it, and what it puts where. */
export interface Run {
  readonly model: Model
  readonly settings: RunSettings
  readonly layout: RunLayout
}

export interface StaticMemory {
  readonly devices: readonly { readonly model: Bytes; readonly context: Bytes }[]
  readonly host: { readonly model: Bytes; readonly context: Bytes }
}

/** Weights and context per place, without the compute buffers that need a replay. Exact, in microseconds. */
export function estimateStatic(run: Run): StaticMemory {
  const weights = weightTotals(run.model, run.layout)
  const context = contextTotals(run.model, run.settings, contextShape(run.model, run.settings), run.layout)
  return {
    devices: weights.devices.map((count, device) => ({
      model: bytes(count),
      context: bytes(context.devices[device]!),
    })),
    host: { model: bytes(weights.host), context: bytes(context.host) },
  }
}

/** Everything the engine allocates for one run, per place: a sum of weights, context and replayed compute buffers. */
export function estimateMemory(run: Run): RunMemory {
  const { model, settings, layout } = run
  const shape = contextShape(model, settings)
  const pipelined = pipelineParallel(run)
  const flashAttention = resolveFlashAttention(run, shape)
  const compute = computeBuffers(run, shape, { flashAttention, pipelineParallel: pipelined })
  const parts = estimateStatic(run)
  const assumed = model.described ? 'exact' : 'assumed'
  return {
    devices: parts.devices.map((part, device) => ({ ...part, compute: bytes(compute[device]!) })),
    host: { ...parts.host, compute: bytes(compute[layout.deviceCount]!), output: outputBytes(model, shape) },
    pipelineParallel: pipelined,
    flashAttention,
    certainty: { model: 'exact', context: assumed, compute: assumed },
  }
}

/** A quantized V cache turns `auto` into `on` (`llama_init_from_model`). */
function resolveFlashAttention(run: Run, shape: ContextShape): boolean {
  const { flashAttention, cacheTypeV } = run.settings
  if (flashAttention !== 'auto') return flashAttention === 'on'
  return isQuantized(cacheTypeV) || flashAttentionWorks(run, shape)
}

/** `llama_context::output_reserve` at start: a row of logits per sequence, kept in pinned host memory. Exact. */
const outputBytes = (model: Model, shape: ContextShape): Bytes => bytes(shape.sequences * model.vocabSize * 4)
