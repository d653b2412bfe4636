import { rowBytes } from '../../header/ggml-type.ts'
import { concat, mulMat, permute, reshape, rope, view2d, view3d, view4d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { attendHeads, type AttentionOptions, inputsOf, outputProjection, storeKeys } from './attention.ts'
import { blockTensor, cacheTensor, emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { buildNorm } from './norm.ts'
import { headNorm } from './qkv.ts'

/** Sizes of multi-head latent attention (`deepseek2` and later), in elements. */
export interface LatentSizes {
  readonly heads: number
  readonly rank: number
  readonly rotary: number
  /** Key size of a head once decompressed, the rotary part included (`key_length_mla`). */
  readonly key: number
}

const F32_BYTES = 4

/** Sizes of block `il`; windowed blocks may have their own (`…_swa`). */
export function latentSizes({ model }: GraphBuilder, il: number): LatentSizes {
  const number = (key: string): number => {
    const own = model.windowed[il] ? model.hyperparameter(`${key}_swa`) : undefined
    return Number(own ?? model.hyperparameter(key))
  }
  return {
    heads: model.headCount[il]!,
    rank: number('attention.kv_lora_rank'),
    rotary: Number(model.hyperparameter('rope.dimension_count')),
    key: number('attention.key_length_mla'),
  }
}

/** The query's low-rank bottleneck, or nothing where the model projects directly. */
export function compressedQuery(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor | undefined {
  const down = blockTensor(b, il, 'attn_q_a')
  return down && buildNorm(b, mulMat(down, cur), { weight: blockTensor(b, il, 'attn_q_a_norm') }, il)
}

/** The query of all heads in a row, straight or through its bottleneck. */
export function flatQuery(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const compressed = compressedQuery(b, cur, il)
  return mulMat(requiredTensor(b, il, compressed ? 'attn_q_b' : 'attn_q'), compressed ?? cur)
}

export interface LatentHeads {
  /** Query in the latent space, its rotary part appended. */
  readonly q: GraphTensor
  /** What the cache keeps: the latent with the shared rotary key. */
  readonly k: GraphTensor
  /** The latent alone. */
  readonly latent: GraphTensor
}

/** `q` is flat: all heads of one token in a row. */
export function latentHeads(b: GraphBuilder, q: GraphTensor, cur: GraphTensor, il: number): LatentHeads {
  const { heads, rank, rotary, key } = latentSizes(b, il)
  const plain = key - rotary
  const keyBytes = key * F32_BYTES
  const strides = [keyBytes, keyBytes * heads] as const
  const queryPlain = view3d(q, [plain, heads, b.tokens], strides)
  const queryRotary = rope(view3d(q, [rotary, heads, b.tokens], strides, plain * F32_BYTES), b.positions)
  const compressed = mulMat(requiredTensor(b, il, 'attn_kv_a_mqa'), cur)
  const rowSize = (rank + rotary) * F32_BYTES
  const sharedKey = view3d(compressed, [rotary, 1, b.tokens], [rowSize, rowSize], rank * F32_BYTES)
  const keyRotary = rope(headNorm(b, sharedKey, il, 'attn_k_norm'), b.positions)
  const normed = buildNorm(
    b,
    view2d(compressed, [rank, b.tokens], rowSize),
    { weight: blockTensor(b, il, 'attn_kv_a_norm') },
    il,
  )
  const absorbed = permute(mulMat(requiredTensor(b, il, 'attn_k_b'), permute(queryPlain, 0, 2, 1, 3)), 0, 2, 1, 3)
  const latent = reshape(normed, rank, 1, b.tokens)
  return { q: concat(absorbed, queryRotary, 0), k: concat(latent, keyRotary, 0), latent }
}

export interface LatentOptions extends AttentionOptions {
  /** Instead of the cache's own mask. */
  readonly mask?: GraphTensor
}

/** Stores the latents and attends over them; values are read from the same cache rows (absorbed MLA). */
export function latentAttention(
  b: GraphBuilder,
  latents: LatentHeads,
  il: number,
  options: LatentOptions = {},
): GraphTensor {
  for (const tensor of [latents.q, latents.latent, latents.k]) emit(b, tensor)
  return attendLatents(b, latents, il, options)
}

/** As `latentAttention`, after the caller has expanded what it needs in its own order. */
export function attendLatents(
  b: GraphBuilder,
  { q, k, latent }: LatentHeads,
  il: number,
  options: LatentOptions = {},
): GraphTensor {
  const inputs = inputsOf(b, il)
  const { cells } = inputs
  const width = k.ne[0]
  const type = b.settings.cacheTypeK
  const cache = cacheTensor(b, 'k', il, { type, ne: [width, cells, b.streams, 1] })
  storeKeys(b, k, cache, inputs)
  const row = rowBytes(type, width)
  const keys = view4d(cache, [width, 1, cells, b.streams], [row, row, row * cells])
  const values = view4d(keys, [latent.ne[0], 1, cells, b.streams], [keys.nb[1], keys.nb[2], keys.nb[3]])
  const latentToValue = requiredTensor(b, il, 'attn_v_b')
  const heads = { q, k: keys, v: values, mask: options.mask ?? inputs.mask, il, latentToValue }
  return outputProjection(b, attendHeads(b, heads, options), il, options.output)
}
