import { valuesTransposed, widestValue } from '../../context/cache-tensors.ts'
import { rowBytes } from '../../header/ggml-type.ts'
import { behaviourOf } from '../../memory/behaviour.ts'
import {
  cast,
  cont,
  flashAttn,
  mulMat,
  padded,
  permute,
  reshape,
  reshapeRows,
  scale,
  setRows,
  softMax,
  transpose,
  unary,
  view2d,
  view4d,
} from '../operations.ts'
import { type Dims, graphElements, type GraphTensor, isContiguous } from '../tensor.ts'
import { blockTensor, cacheTensor, emit, type GraphBuilder } from './builder.ts'
import { project } from './feed-forward.ts'
import type { AttentionInputs } from './inputs.ts'

export interface Heads {
  readonly q: GraphTensor
  readonly k: GraphTensor
  readonly v: GraphTensor
}

export interface AttentionOptions {
  /** Name of the output projection; null where the caller projects. */
  readonly output?: string | null
  readonly sinks?: GraphTensor | undefined
  /** `attn_soft_cap`: only the path without flash attention has operations for it. */
  readonly softcap?: boolean
  /** Slopes by head instead of positions (`f_max_alibi_bias`). */
  readonly alibi?: boolean
}

export const inputsOf = (b: GraphBuilder, il: number): AttentionInputs =>
  b.model.windowed[il] && b.windowInputs ? b.windowInputs : b.baseInputs

/** `llm_graph_context::build_attn` over a KV cache: rotate, store, attend, project. */
export function attention(b: GraphBuilder, heads: Heads, il: number, options: AttentionOptions = {}): GraphTensor {
  const inputs = inputsOf(b, il)
  const q = rotated(heads.q, inputs.keyRotation)
  const k = rotated(heads.k, inputs.keyRotation)
  const v = rotated(heads.v, inputs.valueRotation)
  // The iSWA overload of build_attn expands k before v.
  for (const tensor of b.windowInputs ? [q, k, v] : [q, v, k]) emit(b, tensor)
  const cache = kvCache(b, il, inputs)
  storeKeys(b, k, cache.keys, inputs)
  storeValues(b, v, cache.values, inputs)
  const shape = { keySize: k.ne[0], valueSize: v.ne[0], heads: k.ne[1] }
  return attendCache(b, { q, cache, shape, inputs }, il, options)
}

/** Attention of a block that owns no cache and reads block `source`'s (Gemma 3n and 4). */
export function attentionOverCacheOf(b: GraphBuilder, source: number, q: GraphTensor, il: number): GraphTensor {
  const { model } = b
  const inputs = inputsOf(b, il)
  const query = emit(b, rotated(q, inputs.keyRotation))
  const shape = {
    keySize: model.windowed[il] ? model.keyLengthSwa : model.keyLength,
    valueSize: model.windowed[il] ? model.valueLengthSwa : model.valueLength,
    heads: model.headCountKv[source]!,
  }
  return attendCache(b, { q: query, cache: kvCache(b, source, inputs), shape, inputs }, il, {})
}

export interface KvCache {
  readonly keys: GraphTensor
  readonly values: GraphTensor
}

export function kvCache(b: GraphBuilder, il: number, { cells }: AttentionInputs): KvCache {
  const { model, settings, streams } = b
  const heads = model.headCountKv[il]!
  const keyWidth = heads * (model.windowed[il] ? model.keyLengthSwa : model.keyLength)
  const valueWidth = valuesTransposed(settings, model)
    ? widestValue(model)
    : heads * (model.windowed[il] ? model.valueLengthSwa : model.valueLength)
  return {
    keys: cacheTensor(b, 'k', il, { type: settings.cacheTypeK, ne: [keyWidth, cells, streams, 1] }),
    values: cacheTensor(b, 'v', il, { type: settings.cacheTypeV, ne: [valueWidth, cells, streams, 1] }),
  }
}

/** `llama_kv_cache::cpy_k`. */
export function storeKeys(b: GraphBuilder, k: GraphTensor, keys: GraphTensor, inputs: AttentionInputs): void {
  const width = k.ne[0] * k.ne[1]
  emit(b, setRows(acrossStreams(b, keys, inputs.cells), view2d(k, [width, b.tokens], k.nb[2]), inputs.keyIndices))
}

/** A cache of several streams is written as one long run of cells. */
const acrossStreams = (b: GraphBuilder, cache: GraphTensor, cells: number): GraphTensor =>
  b.streams === 1 ? cache : reshape(cache, cache.ne[0], cells * b.streams)

/** `llama_kv_cache::cpy_v`: by rows, or element by element where V is transposed. */
export function storeValues(b: GraphBuilder, v: GraphTensor, values: GraphTensor, inputs: AttentionInputs): void {
  const width = v.ne[0] * v.ne[1]
  if (!valuesTransposed(b.settings, b.model)) {
    emit(b, setRows(acrossStreams(b, values, inputs.cells), view2d(v, [width, b.tokens], v.nb[2]), inputs.valueIndices))
    return
  }
  let flat = v.nb[2] === rowBytes('f32', width) ? reshape(v, width, b.tokens) : cont(v, width, b.tokens)
  if (width < values.ne[0]) flat = padded(flat, values.ne[0], b.tokens)
  const destination = reshape(values, 1, graphElements(values))
  emit(b, setRows(destination, reshape(flat, 1, graphElements(flat)), inputs.valueIndices))
}

interface Attended {
  readonly q: GraphTensor
  readonly cache: KvCache
  readonly shape: { readonly keySize: number; readonly valueSize: number; readonly heads: number }
  readonly inputs: AttentionInputs
}

/** build_attn_mha over what the cache holds, and the output projection. */
function attendCache(
  b: GraphBuilder,
  { q, cache, shape, inputs }: Attended,
  il: number,
  options: AttentionOptions,
): GraphTensor {
  const { keys: k, values: v } = cacheViews(b, cache, shape, inputs)
  const out = attendHeads(b, { q, k, v, mask: inputs.mask, il }, options)
  return outputProjection(b, rotated(out, inputs.valueRotation), il, options.output)
}

/** `llama_kv_cache::get_k`, `get_v`. */
export function cacheViews(
  b: GraphBuilder,
  { keys, values }: KvCache,
  shape: Attended['shape'],
  { cells }: AttentionInputs,
): KvCache {
  const row = rowBytes(keys.type, keys.ne[0])
  const head = rowBytes(keys.type, shape.keySize)
  return {
    keys: view4d(keys, [shape.keySize, shape.heads, cells, b.streams], [head, row, row * cells]),
    values: valueView(b, values, shape, cells),
  }
}

function valueView(b: GraphBuilder, values: GraphTensor, shape: Attended['shape'], cells: number): GraphTensor {
  const { type, ne } = values
  if (!valuesTransposed(b.settings, b.model)) {
    const row = rowBytes(type, ne[0])
    return view4d(
      values,
      [shape.valueSize, shape.heads, cells, b.streams],
      [rowBytes(type, shape.valueSize), row, row * cells],
    )
  }
  const cellRow = rowBytes(type, cells)
  return view4d(
    values,
    [cells, shape.heads, shape.valueSize, b.streams],
    [cellRow * shape.valueSize, cellRow, cellRow * ne[0]],
  )
}

export function outputProjection(
  b: GraphBuilder,
  cur: GraphTensor,
  il: number,
  name: string | null | undefined,
): GraphTensor {
  if (name === null) return cur
  const stem = name ?? 'attn_output'
  return blockTensor(b, il, stem) ? project(b, cur, il, stem) : cur
}

interface AttendedHeads extends Heads {
  readonly mask: GraphTensor
  readonly il: number
  /** MLA: the matrix that turns the attended latent into values. */
  readonly latentToValue?: GraphTensor
}

/** `llm_graph_context::build_attn_mha`. */
export function attendHeads(b: GraphBuilder, heads: AttendedHeads, options: AttentionOptions): GraphTensor {
  const { sinks, softcap, alibi } = options
  const transposed = heads.v.nb[1] > heads.v.nb[2]
  const streams = heads.k.ne[3]
  const { ne, nb } = heads.q
  const perStream: Dims = [ne[0], ne[1], ne[2] / streams, streams]
  const q = permute(view4d(heads.q, perStream, [nb[1], nb[2], nb[3] / streams]), 0, 2, 1, 3)
  const k = permute(heads.k, 0, 2, 1, 3)
  const v = permute(heads.v, 0, 2, 1, 3)
  const { mask, latentToValue } = heads
  if (b.flashAttention) {
    const convertsInPool = !behaviourOf(b.settings.llamaCppBuild).reservesConvertedCache
    const [keys, values] = [halfPrecision(k), halfPrecision(transposed ? transpose(v) : v)]
    let out = flashAttn({ q, k: keys, v: values, mask, sinks, convertsInPool, alibi })
    b.fusedAttention.push({ node: out, il: heads.il })
    if (latentToValue) out = cont(permute(mulMat(latentToValue, permute(out, 0, 2, 1, 3)), 0, 2, 1, 3))
    return emit(b, reshape(out, out.ne[0] * out.ne[1], out.ne[2] * out.ne[3]))
  }
  let scores = mulMat(k, q)
  if (softcap) scores = scale(unary(scale(scores), 'tanh'))
  scores = softMax(scores, mask, sinks)
  let out = mulMat(transposed ? v : cont(transpose(v)), scores)
  if (latentToValue) out = mulMat(latentToValue, out)
  const merged = permute(out, 0, 2, 1, 3)
  const flat = cont(merged, merged.ne[0] * merged.ne[1], merged.ne[2] * merged.ne[3])
  // graph_get_cb keeps "kqv_merged_cont" beside a cache in host memory.
  if (!b.settings.offloadKqv && b.normPinning) flat.backend = b.hostBackend
  return emit(b, flat)
}

/** The kernels want F16, or what was quantized; an F32 cache, or none, is cast first. */
const halfPrecision = (x: GraphTensor): GraphTensor => (x.type === 'f32' ? cast(x, 'f16') : x)

/** `ggml_mul_mat_aux` of llama-graph.cpp: multiplies rows by a Hadamard matrix. */
export function rotated(x: GraphTensor, rotation: GraphTensor | undefined): GraphTensor {
  if (!rotation) return x
  const size = rotation.ne[0]
  const rows = isContiguous(x) ? reshapeRows(x, size) : cont(x, size, graphElements(x) / size)
  return reshape(mulMat(rotation, rows), ...x.ne)
}
