import { headsNormalisedTogether } from '../../graph/builder/qkv.ts'
import { namedNorm, plainHeads, transformer, type TransformerOptions } from '../../graph/builder/transformer.ts'
import { type Architecture, runningBlocks, windowedBlocks } from './architecture.ts'

/** Blocks of EXAONE 4 32B. */
const MIXED_BLOCKS = 64

/** Norms behind each part instead of before it. */
const postNorm: TransformerOptions = {
  withoutAttentionNorm: true,
  afterAttention: (b, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
  feedForwardNorm: null,
  afterFeedForward: (b, x, il) => namedNorm(b, x, il, { name: 'post_ffw_norm', unpinned: true }),
}

export const olmo2: Architecture = {
  names: ['olmo2'],
  graph: transformer({
    ...postNorm,
    heads: (b, cur, il) => headsNormalisedTogether(b, cur, il),
  }),
}

/** The 32B is the only one that mixes windows; there, only windowed blocks carry positions. */
export const exaone4: Architecture = {
  names: ['exaone4'],
  windows: (facts, blockCount) =>
    runningBlocks(facts, blockCount) === MIXED_BLOCKS
      ? {
          slidingWindow: facts.number('attention.sliding_window') ?? 4096,
          windowed: windowedBlocks(facts, blockCount, { period: 4 }),
        }
      : undefined,
  graph: transformer({
    ...postNorm,
    heads: plainHeads({ ropes: (b, il) => b.model.slidingWindow === 0 || b.model.windowed[il]! }),
  }),
}
