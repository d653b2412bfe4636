import { add, clamp, concat, reshape, rope, view3d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import type { Heads } from './attention.ts'
import { blockTensor, type GraphBuilder } from './builder.ts'
import { project } from './feed-forward.ts'
import { buildNorm, type NormKind } from './norm.ts'

/** `llm_graph_context::build_qkv`: one fused matrix or three, cut into heads. */
export function queryKeyValue(b: GraphBuilder, cur: GraphTensor, il: number): Heads {
  const { model, tokens } = b
  const [heads, headsKv] = [model.headCount[il]!, model.headCountKv[il]!]
  const keySize = model.windowed[il] ? model.keyLengthSwa : model.keyLength
  const valueSize = model.windowed[il] ? model.valueLengthSwa : model.valueLength
  // `f_clamp_kqv`, which OLMo, DBRX and MPT know.
  const isClamped = Number(model.hyperparameter('attention.clamp_kqv') ?? 0) > 0
  const clamped = (x: GraphTensor): GraphTensor => (isClamped ? clamp(x) : x)
  if (!blockTensor(b, il, 'attn_qkv')) {
    const { q, k, v } = flatQueryKeyValue(b, cur, il)
    return {
      q: reshape(clamped(q), keySize, heads, tokens),
      k: reshape(clamped(k), keySize, headsKv, tokens),
      v: reshape(clamped(v), valueSize, headsKv, tokens),
    }
  }
  const all = clamped(fusedQueryKeyValue(b, cur, il))
  const part = (size: number, count: number, elementsBefore: number): GraphTensor =>
    view3d(all, [size, count, tokens], [size * 4, all.nb[1]], elementsBefore * 4)
  return {
    q: part(keySize, heads, 0),
    k: part(keySize, headsKv, keySize * heads),
    v: part(valueSize, headsKv, keySize * (heads + headsKv)),
  }
}

/** The fused matrix; old files keep the biases of its three parts apart. */
function fusedQueryKeyValue(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const product = project(b, cur, il, 'attn_qkv')
  const [q, k, v] = ['attn_q', 'attn_k', 'attn_v'].map((name) => blockTensor(b, il, name, 'bias'))
  return q && k && v ? add(product, concat(concat(q, k, 0), v, 0)) : product
}

/** The three projections before they are cut into heads. */
export const flatQueryKeyValue = (b: GraphBuilder, cur: GraphTensor, il: number): Heads => ({
  q: project(b, cur, il, 'attn_q'),
  k: project(b, cur, il, 'attn_k'),
  v: project(b, cur, il, 'attn_v'),
})

/** q and k normalised by `attn_q_norm` and `attn_k_norm`, each where the file has it. */
export const headNorm = (
  b: GraphBuilder,
  x: GraphTensor,
  il: number,
  name: 'attn_q_norm' | 'attn_k_norm',
  kind: NormKind = 'rms',
): GraphTensor => {
  const weight = blockTensor(b, il, name)
  return weight ? buildNorm(b, x, { weight, bias: blockTensor(b, il, name, 'bias') }, il, kind) : x
}

export const rotaryPositions = (b: GraphBuilder, x: GraphTensor, factors?: GraphTensor): GraphTensor =>
  rope(x, b.positions, factors)

/** Plain projections, q and k normalised over all heads at once, then cut into heads and rotated by position. */
export function headsNormalisedTogether(b: GraphBuilder, cur: GraphTensor, il: number, factors?: GraphTensor): Heads {
  const { model, tokens } = b
  const { q, k, v } = flatQueryKeyValue(b, cur, il)
  const query = reshape(headNorm(b, q, il, 'attn_q_norm'), model.keyLength, model.headCount[il]!, tokens)
  const key = reshape(headNorm(b, k, il, 'attn_k_norm'), model.keyLength, model.headCountKv[il]!, tokens)
  return {
    q: rotaryPositions(b, query, factors),
    k: rotaryPositions(b, key, factors),
    v: reshape(v, model.valueLength, model.headCountKv[il]!, tokens),
  }
}
