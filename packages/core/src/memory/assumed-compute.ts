import type { ContextShape } from '../context/shape.ts'
import { tensorBytes, type TensorInfo } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import type { PlaceTotals } from './place-totals.ts'
import { HOST, type PlaceIndex } from './run-memory.ts'
import type { Run } from './run.ts'

const F32_BYTES = 4
/** Copies of every input with pipeline parallelism (`GGML_SCHED_MAX_COPIES`). */
const PIPELINE_COPIES = 4
/** Residual, its norm, and a hole of each size that best fit may leave. */
const RESIDUAL_COPIES = 6

/**
 * Compute buffers of an architecture whose graph is not described: every product of a block alive at once, twice over,
 * beside attention's scores, the inputs and the logits. Assumed; above what llama.cpp allocates for every described
 * architecture of the conformance set, but no proof for one that is not.
 */
export function assumedCompute(
  { model, settings, layout }: Run,
  shape: ContextShape,
  options: AssumedOptions,
): PlaceTotals {
  const copies = options.pipelineParallel ? PIPELINE_COPIES : 1
  const tokens = shape.promptTokens
  const masks =
    shape.contextPerSequence *
    shape.streams *
    Math.ceil(tokens / shape.streams) *
    (options.flashAttention ? 2 : F32_BYTES)
  const inputs = copies * (2 * masks + 2 * tokens * model.embeddingLength * F32_BYTES)
  const heads = Math.max(...model.headCount, 1)
  const scores = options.flashAttention ? 0 : shape.contextPerSequence * tokens * heads * F32_BYTES
  const scratch = widestCache(model) * shape.contextPerSequence * shape.streams * 2 * 2
  const block = (place: PlaceIndex): number =>
    Math.max(
      0,
      ...model.blockTensors.map((tensors, il) =>
        layout.layers[il] === place ? productBytes(tensors, model, tokens) : 0,
      ),
    )
  const uploads = layout.layers.includes(HOST) && settings.opOffload ? largestWeight(model) : 0
  const logits = shape.promptOutputs * (model.vocabSize + model.embeddingLength) * F32_BYTES
  const needed = (place: PlaceIndex): number =>
    inputs + scores + scratch + 2 * block(place) + RESIDUAL_COPIES * tokens * model.embeddingLength * F32_BYTES
  const output = layout.layers.at(-1)!
  return {
    devices: Array.from(
      { length: layout.deviceCount },
      (_, device) => needed(device) + (device === output ? logits : 0) + (device === 0 ? uploads : 0),
    ),
    host: inputs + (layout.layers.includes(HOST) ? needed(HOST) + logits : 0),
  }
}

export interface AssumedOptions {
  readonly flashAttention: boolean
  readonly pipelineParallel: boolean
}

/** Rows that a block's matrices give for `tokens` tokens; experts count as often as they are used. */
const productBytes = (tensors: readonly TensorInfo[], model: Model, tokens: number): number =>
  tensors.reduce((sum, { shape }) => {
    const [, rows = 0, experts = 1] = shape
    return sum + rows * (experts > 1 ? Math.max(1, model.expertUsedCount) : 1) * tokens * F32_BYTES
  }, 0)

const widestCache = (model: Model): number =>
  Math.max(
    0,
    ...model.contexts.map((context) =>
      context.kind === 'attention' ? Math.max(context.keyWidth, context.valueWidth) : 0,
    ),
  )

const largestWeight = (model: Model): number => {
  let largest = 0
  for (const tensor of model.tensors.values()) largest = Math.max(largest, tensorBytes(tensor))
  return largest
}
