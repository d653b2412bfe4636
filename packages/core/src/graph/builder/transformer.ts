import { add, view2d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { attention, type AttentionOptions, type Heads } from './attention.ts'
import { eachBlock, blockTensor, type GraphBuilder, ropeFactors } from './builder.ts'
import { deepstackSlice } from './deepstack.ts'
import type { Embeddings } from './embeddings.ts'
import { expertsOrDense } from './mixture.ts'
import { gatherOutputs, outputHead } from './head.ts'
import { buildNorm, type NormKind } from './norm.ts'
import { headNorm, queryKeyValue, rotaryPositions } from './qkv.ts'

/** One part of a block, or what becomes of it. */
export type BlockStep = (b: GraphBuilder, cur: GraphTensor, il: number) => GraphTensor

/** Where an architecture leaves the plain pre-norm transformer of src/models/llama.cpp. */
export interface TransformerOptions {
  readonly norm?: NormKind
  /** Norms that have no weights. */
  readonly bareNorms?: true
  /** Without a norm before attention (post-norm models). */
  readonly withoutAttentionNorm?: true
  readonly heads?: (b: GraphBuilder, cur: GraphTensor, il: number) => Heads
  readonly attention?: (b: GraphBuilder, il: number) => AttentionOptions
  /** Attention and output projection, where they are more than `attention` with options; `input` is what the heads read. */
  readonly attend?: (
    b: GraphBuilder,
    heads: Heads,
    at: { readonly il: number; readonly input: GraphTensor },
  ) => GraphTensor
  /** Between the output projection and the residual, rows already gathered. */
  readonly afterAttention?: BlockStep
  /** The norm before the feed-forward part; null for none. */
  readonly feedForwardNorm?: string | null
  readonly feedForward?: BlockStep
  readonly afterFeedForward?: BlockStep
  /** The residual comes first in the last addition, and so lends its memory. */
  readonly residualFirst?: true
  /** Rows are gathered after the last block by the head itself. */
  readonly gatherInHead?: true
  readonly head?: (b: GraphBuilder, cur: GraphTensor) => void
}

const F32_BYTES = 4

const same: BlockStep = (_, cur) => cur

export const transformer =
  (options: TransformerOptions = {}) =>
  (b: GraphBuilder, { cur: first, deepstack }: Embeddings): void => {
    const normOf = (b: GraphBuilder, cur: GraphTensor, il: number, name: string): GraphTensor =>
      options.bareNorms ? buildNorm(b, cur, {}, il, options.norm) : namedNorm(b, cur, il, { name, kind: options.norm })
    const {
      heads = plainHeads(),
      attend = (b, cut, { il }) => attention(b, cut, il, options.attention?.(b, il)),
      afterAttention = same,
      feedForward = expertsOrDense(),
      afterFeedForward = same,
    } = options
    let x = first
    for (const il of eachBlock(b)) {
      const normed = options.withoutAttentionNorm ? x : normOf(b, x, il, 'attn_norm')
      const attended = attend(b, heads(b, normed, il), { il, input: normed })
      const [cur, residual] = options.gatherInHead ? [attended, x] : gatherOutputs(b, il, attended, x)
      const middle = add(afterAttention(b, cur, il), residual)
      const { feedForwardNorm = 'ffn_norm' } = options
      const input = feedForwardNorm === null ? middle : normOf(b, middle, il, feedForwardNorm)
      const out = afterFeedForward(b, feedForward(b, input, il), il)
      x = options.residualFirst ? add(middle, out) : add(out, middle)
      if (deepstack) x = addDeepstack(b, x, deepstack, il)
    }
    if (options.head) options.head(b, x)
    else outputHead(b, x, options.norm ? { kind: options.norm } : {})
  }

/** A block's norm by name, with its bias where the file has one; no norm where the file has no weight. Some names stand alone. */
export function namedNorm(
  b: GraphBuilder,
  cur: GraphTensor,
  il: number,
  { name, kind, unpinned }: { readonly name: string; readonly kind?: NormKind | undefined; readonly unpinned?: true },
): GraphTensor {
  const weight = blockTensor(b, il, name) ?? blockTensor(b, il, name, '')
  if (!weight) return cur
  return buildNorm(b, cur, { weight, bias: blockTensor(b, il, name, 'bias') }, unpinned ? -1 : il, kind)
}

export interface HeadsOptions {
  /** `rope` in every block unless this says otherwise. */
  readonly ropes?: (b: GraphBuilder, il: number) => boolean
  readonly normAfterRope?: true
  readonly norm?: NormKind
  /** Rotation without `rope_freqs` or `rope_factors_*`: in every block, or in windowed ones only. */
  readonly withoutFactors?: true | 'windowed'
  /** A last change to the query (scales). */
  readonly query?: (q: GraphTensor) => GraphTensor
}

/** Projections cut into heads, normalised where the file has q and k norms, then rotated by position. */
export const plainHeads =
  (options: HeadsOptions = {}) =>
  (b: GraphBuilder, cur: GraphTensor, il: number): Heads => {
    const { q, k, v } = queryKeyValue(b, cur, il)
    const without = options.withoutFactors === 'windowed' ? b.model.windowed[il] : options.withoutFactors
    const factors = without ? undefined : ropeFactors(b, il)
    const turned = options.ropes?.(b, il) ?? true
    const position = (x: GraphTensor): GraphTensor => (turned ? rotaryPositions(b, x, factors) : x)
    const qNorm = (x: GraphTensor): GraphTensor => headNorm(b, x, il, 'attn_q_norm', options.norm)
    const kNorm = (x: GraphTensor): GraphTensor => headNorm(b, x, il, 'attn_k_norm', options.norm)
    const query = options.normAfterRope ? qNorm(position(q)) : position(qNorm(q))
    const key = options.normAfterRope ? kNorm(position(k)) : position(kNorm(k))
    return { q: options.query ? options.query(query) : query, k: key, v }
  }

function addDeepstack(b: GraphBuilder, x: GraphTensor, deepstack: GraphTensor, il: number): GraphTensor {
  const width = b.model.embeddingLength
  const slice = deepstackSlice(b.model, il)
  if (slice === undefined) return x
  return add(x, view2d(deepstack, [width, b.tokens], deepstack.nb[1], slice * width * F32_BYTES))
}
