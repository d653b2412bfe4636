import { valuesTransposed, widestValue } from '../../context/cache-tensors.ts'
import { isQuantized } from '../../header/ggml-type.ts'
import { type AllocationBehaviour, behaviourOf } from '../../memory/behaviour.ts'
import type { Model } from '../../model/model.ts'
import { cast, inputTensor } from '../operations.ts'
import type { Dims, GraphTensor } from '../tensor.ts'
import type { CacheType } from '../../memory/settings.ts'
import type { GraphRun, GraphSize } from './builder.ts'

/** Inputs of attention over one cache: `llm_graph_input_attn_kv`, one set for the base cache, one for the window's. */
export interface AttentionInputs {
  readonly cells: number
  readonly keyIndices: GraphTensor
  readonly valueIndices: GraphTensor
  readonly mask: GraphTensor
  /** Hadamard matrices that spread outliers before K and V are quantized. */
  readonly keyRotation: GraphTensor | undefined
  readonly valueRotation: GraphTensor | undefined
}

export function attentionInputs(run: GraphRun, size: GraphSize, windowed: boolean): AttentionInputs {
  const { model, settings, shape } = run
  const cached = windowed ? shape.windowCells : shape.contextPerSequence
  const cells = model.withoutCache ? size.tokens : cached
  const { streams } = shape
  const behaviour = behaviourOf(settings.llamaCppBuild)
  const rotates = (type: CacheType): boolean => behaviour.rotatesQuantizedCache && isQuantized(type)
  return {
    cells,
    keyIndices: inputTensor('i64', size.tokens),
    // A transposed V is written element by element, so every element has an index.
    valueIndices: inputTensor(
      'i64',
      valuesTransposed(settings, model) ? size.tokens * widestValue(model) : size.tokens,
    ),
    mask: attentionMask([cells, size.tokens / streams, 1, streams], run.flashAttention, behaviour),
    keyRotation: rotates(settings.cacheTypeK) ? keyRotation(model, windowed) : undefined,
    valueRotation: rotates(settings.cacheTypeV) ? valueRotation(model, windowed) : undefined,
  }
}

/** `build_attn_inp_kq_mask`: flash attention reads it as F16. */
function attentionMask(shape: Dims, flashAttention: boolean, { halfMask }: AllocationBehaviour): GraphTensor {
  if (flashAttention && halfMask) return inputTensor('f16', ...shape)
  const mask = inputTensor('f32', ...shape)
  return flashAttention ? cast(mask, 'f16') : mask
}

const ROTATION_MIN = 64

const ownsCache = (model: Model, windowed: boolean): boolean =>
  model.contexts.some((context) => context.kind === 'attention' && context.windowed === windowed)

/** `llama_kv_cache::build_input_k_rot`: the largest power of two that divides the head, if layer 0's allows any. */
function keyRotation(model: Model, windowed: boolean): GraphTensor | undefined {
  const firstHead = model.windowed[0] ? model.keyLengthSwa : model.keyLength
  const head = windowed ? model.keyLengthSwa : model.keyLength
  if (!ownsCache(model, windowed) || head === 0 || firstHead % ROTATION_MIN !== 0) return undefined
  return squareInput(rotationSize(head))
}

/** `llama_kv_cache::build_input_v_rot`: always the smallest matrix. */
function valueRotation(model: Model, windowed: boolean): GraphTensor | undefined {
  const firstHead = model.windowed[0] ? model.valueLengthSwa : model.valueLength
  if (!ownsCache(model, windowed) || firstHead === 0 || firstHead % ROTATION_MIN !== 0) return undefined
  return squareInput(ROTATION_MIN)
}

export function rotationSize(head: number): number {
  let size = ROTATION_MIN
  do size *= 2
  while (head % size === 0)
  return size / 2
}

export const squareInput = (size: number): GraphTensor => inputTensor('f32', size, size)
