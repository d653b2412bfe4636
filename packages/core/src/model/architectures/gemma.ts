import { feedForward } from '../../graph/builder/feed-forward.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { scale } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'
import { everyNthFull } from './architecture.ts'

/** Gemma 2 and 3: norms on both sides of each part, scaled embeddings and queries. */
const gemmaGraph =
  (softcap: boolean): Architecture['graph'] =>
  (b, { cur, deepstack }) =>
    transformer({
      heads: plainHeads({ query: scale }),
      attention: () => ({ softcap }),
      afterAttention: (_, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
      feedForward: (_, x, il) => feedForward(b, x, il, { activation: 'gelu' }),
      afterFeedForward: (_, x, il) => namedNorm(b, x, il, { name: 'post_ffw_norm', unpinned: true }),
      head: (_, x) => outputHead(b, x, { softcap: Boolean(b.model.hyperparameter('final_logit_softcapping')) }),
    })(b, { cur: scale(cur), deepstack })

export const gemma2: Architecture = {
  names: ['gemma2'],
  windows: (facts, blockCount) => ({
    slidingWindow: facts.number('attention.sliding_window') ?? 4096,
    windowed: everyNthFull(blockCount, 2),
  }),
  graph: gemmaGraph(true),
}

export const gemma3: Architecture = {
  names: ['gemma3'],
  windows: (facts, blockCount) => {
    const slidingWindow = facts.number('attention.sliding_window') ?? 0
    return { slidingWindow, windowed: everyNthFull(blockCount, slidingWindow > 0 ? 6 : 1) }
  },
  graph: gemmaGraph(false),
}
