import { concat, cont, mulMat, repeat4d, reshape, rope, view2d, view3d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import type { Heads } from './attention.ts'
import { blockTensor, type GraphBuilder, requiredTensor } from './builder.ts'
import { buildNorm } from './norm.ts'

/**
 * Latent attention whose keys and values are decompressed before they are stored (`attn_kv_b`): MiniCPM3, PLM, and
 * DeepSeek 2 files from before the absorbed form. `q` is flat: all heads of one token in a row.
 */
export function expandedHeads(
  b: GraphBuilder,
  q: GraphTensor,
  cur: GraphTensor,
  { il, factors }: { readonly il: number; readonly factors?: GraphTensor | undefined },
): Heads {
  const { model, tokens } = b
  const heads = model.headCount[il]!
  const { keyLength, valueLength } = model
  const rotary = Number(model.hyperparameter('rope.dimension_count') ?? keyLength)
  const rank = Number(model.hyperparameter('attention.kv_lora_rank'))
  const plain = keyLength - rotary
  const compressed = mulMat(requiredTensor(b, il, 'attn_kv_a_mqa'), cur)
  const latent = buildNorm(
    b,
    view2d(compressed, [rank, tokens], compressed.nb[1]),
    { weight: blockTensor(b, il, 'attn_kv_a_norm') },
    il,
  )
  const both = mulMat(requiredTensor(b, il, 'attn_kv_b'), latent)
  const part = (size: number, before: number): GraphTensor =>
    view3d(both, [size, heads, tokens], [bytesOf(plain + valueLength), both.nb[1]], bytesOf(before))
  const sharedKey = rope(
    view3d(compressed, [rotary, 1, tokens], [compressed.nb[1], compressed.nb[1]], bytesOf(rank)),
    b.positions,
    factors,
  )
  return {
    q: rope(reshape(q, keyLength, heads, tokens), b.positions, factors),
    k: concat(part(plain, 0), repeat4d(sharedKey, rotary, heads, tokens, 1), 0),
    v: cont(part(valueLength, plain)),
  }
}

const bytesOf = (elements: number): number => elements * 4
