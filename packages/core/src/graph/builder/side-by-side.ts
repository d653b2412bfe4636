import type { GraphTensor } from '../tensor.ts'
import { attention, type Heads } from './attention.ts'
import { eachBlock, type GraphBuilder } from './builder.ts'
import type { Embeddings } from './embeddings.ts'
import { gatherOutputs } from './head.ts'
import type { NormKind } from './norm.ts'
import { type BlockStep, namedNorm } from './transformer.ts'

interface BlockParts {
  readonly fed: GraphTensor
  readonly attended: GraphTensor
  readonly residual: GraphTensor
}

export interface SideBySideOptions {
  readonly norm?: NormKind
  readonly heads: (b: GraphBuilder, cur: GraphTensor, il: number) => Heads
  /** What attention reads where that is not the block's norm (Falcon 40B). */
  readonly attentionInput?: (
    b: GraphBuilder,
    block: { readonly x: GraphTensor; readonly normed: GraphTensor },
    il: number,
  ) => GraphTensor
  readonly feedForward: BlockStep
  /** The order of the two additions decides which part lends its memory. */
  readonly sum: (parts: BlockParts) => GraphTensor
  /** Rows are gathered after the last block by the head itself. */
  readonly gatherInHead?: true
  readonly head: (b: GraphBuilder, cur: GraphTensor) => void
}

/** Attention and the feed-forward part read one norm, neither the other's result. */
export const sideBySide =
  (options: SideBySideOptions) =>
  (b: GraphBuilder, { cur }: Embeddings): void => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm', kind: options.norm })
      const read = options.attentionInput?.(b, { x, normed }, il) ?? normed
      const whole = [attention(b, options.heads(b, read, il), il), x, normed] as const
      const [attended, residual, input] = options.gatherInHead ? whole : gatherOutputs(b, il, ...whole)
      x = options.sum({ fed: options.feedForward(b, input, il), attended, residual })
    }
    options.head(b, x)
  }
