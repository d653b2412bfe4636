import type { ContextShape } from '../context/shape.ts'
import { tensorBytes, type TensorInfo } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import type { PlaceTotals } from './place-totals.ts'
import { type Product, productsBytes } from './product.ts'
import { HOST, type PlaceIndex } from './run-memory.ts'
import type { Run } from './run.ts'
import { pipelineCopiesOf } from './settings.ts'

const F32_BYTES = 4
/** Residual, its norm, and a hole of each size that best fit may leave. */
const RESIDUAL_COPIES = 6

/**
 * Compute buffers of an architecture whose graph is not described: every product of a block alive at once, twice over,
 * beside attention's scores, the inputs and the logits. Assumed; above what llama.cpp allocates for every described
 * architecture of the conformance set, but no proof for one that is not.
 */
export function assumedCompute(run: Run, shape: ContextShape, options: AssumedOptions): PlaceTotals {
  const on = (place: PlaceIndex): number => productsBytes(assumedProducts(run, shape, place, options))
  return { devices: Array.from({ length: run.layout.deviceCount }, (_, device) => on(device)), host: on(HOST) }
}

/** What `assumedCompute` adds up on one place. */
export function assumedProducts(
  run: Run,
  shape: ContextShape,
  place: PlaceIndex,
  options: AssumedOptions,
): readonly Product[] {
  const { model, settings, layout } = run
  const hostComputes = layout.layers.includes(HOST)
  const computes = place !== HOST || hostComputes
  const holdsOutput = place === HOST ? hostComputes : place === layout.layers.at(-1)!
  const uploads = place === 0 && hostComputes && settings.opOffload
  const inputs = inputProducts(run, shape, options)
  const logits = {
    what: 'logits and the rows they are made of',
    factors: [shape.promptOutputs, model.vocabSize + model.embeddingLength, F32_BYTES],
  }
  return [
    ...inputs,
    // The host keeps every input, and once more what its own blocks read.
    ...(place === HOST && hostComputes ? inputs : []),
    ...(computes ? blockProducts(run, shape, place, options) : []),
    ...(holdsOutput ? [logits] : []),
    ...(uploads ? [{ what: 'the largest weight, uploaded from the host', factors: [largestWeight(model)] }] : []),
  ]
}

function inputProducts({ model, settings }: Run, shape: ContextShape, options: AssumedOptions): readonly Product[] {
  const copies = options.pipelineParallel ? pipelineCopiesOf(settings) : 1
  const { contextPerSequence: cells, streams, promptTokens: tokens } = shape
  const maskBytes = options.flashAttention ? 2 : F32_BYTES
  return [
    { what: 'masks', factors: [copies, 2, cells, streams, Math.ceil(tokens / streams), maskBytes] },
    { what: 'inputs', factors: [copies, 2, tokens, model.embeddingLength, F32_BYTES] },
  ]
}

function blockProducts(
  { model, layout }: Run,
  shape: ContextShape,
  place: PlaceIndex,
  options: AssumedOptions,
): readonly Product[] {
  const { contextPerSequence: cells, streams, promptTokens: tokens } = shape
  const rows = Math.max(
    0,
    ...model.blockTensors.map((tensors, il) => (layout.layers[il] === place ? productRows(tensors, model) : 0)),
  )
  return [
    ...(options.flashAttention
      ? []
      : [{ what: 'attention scores', factors: [cells, tokens, Math.max(...model.headCount, 1), F32_BYTES] }]),
    { what: 'K and V of one block in f16', factors: [2, widestCache(model), cells, streams, 2] },
    { what: 'every product of the widest block, twice', factors: [2, rows, tokens, F32_BYTES] },
    { what: 'residuals and norms', factors: [RESIDUAL_COPIES, tokens, model.embeddingLength, F32_BYTES] },
  ]
}

export interface AssumedOptions {
  readonly flashAttention: boolean
  readonly pipelineParallel: boolean
}

/** Rows that a block's matrices give for one token; experts count as often as they are used. */
const productRows = (tensors: readonly TensorInfo[], model: Model): number =>
  tensors.reduce((sum, { shape }) => {
    const [, rows = 0, experts = 1] = shape
    return sum + rows * (experts > 1 ? Math.max(1, model.expertUsedCount) : 1)
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
