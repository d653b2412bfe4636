import { headsNormalisedTogether } from '../../graph/builder/qkv.ts'
import { namedNorm, plainHeads, transformer, type TransformerOptions } from '../../graph/builder/transformer.ts'
import { type Architecture, everyNthFull } from './architecture.ts'

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

/** The 64-block model mixes windows; there, only windowed blocks carry positions. */
export const exaone4: Architecture = {
  names: ['exaone4'],
  windows: (facts, blockCount) => {
    const slidingWindow = facts.number('attention.sliding_window') ?? 0
    const mixed = blockCount === 64 && slidingWindow > 0
    return { slidingWindow: mixed ? slidingWindow : 0, windowed: everyNthFull(blockCount, mixed ? 4 : 1) }
  },
  graph: transformer({
    ...postNorm,
    heads: plainHeads({ ropes: (b, il) => b.model.slidingWindow === 0 || b.model.windowed[il]! }),
  }),
}
