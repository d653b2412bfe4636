import { feedForward } from '../../graph/builder/feed-forward.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { type BlockStep, namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { scale } from '../../graph/operations.ts'
import { type Architecture, windowedBlocks, windowedExceptEvery } from './architecture.ts'

const scaledQueries = plainHeads({ query: scale })
const geluFeedForward: BlockStep = (b, x, il) => feedForward(b, x, il, { activation: 'gelu' })

/** Scaled embeddings and queries in a plain pre-norm transformer. */
export const gemma: Architecture = {
  names: ['gemma'],
  graph: (b, { cur, deepstack }) =>
    transformer({ heads: scaledQueries, feedForward: geluFeedForward })(b, { cur: scale(cur), deepstack }),
}

/** Gemma 2 and 3: norms on both sides of each part as well. */
const gemmaGraph =
  (softcap: boolean): Architecture['graph'] =>
  (b, { cur, deepstack }) =>
    transformer({
      heads: scaledQueries,
      attention: () => ({ softcap }),
      afterAttention: (_, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
      feedForward: geluFeedForward,
      afterFeedForward: (_, x, il) => namedNorm(b, x, il, { name: 'post_ffw_norm', unpinned: true }),
      head: (_, x) => outputHead(b, x, { softcap: Boolean(b.model.hyperparameter('final_logit_softcapping')) }),
    })(b, { cur: scale(cur), deepstack })

export const gemma2: Architecture = {
  names: ['gemma2'],
  windows: (facts, blockCount) => ({
    slidingWindow: facts.number('attention.sliding_window') ?? 4096,
    windowed: windowedBlocks(facts, blockCount, { period: 2 }),
  }),
  graph: gemmaGraph(true),
}

const everySixthFull = windowedExceptEvery(6)

export const gemma3: Architecture = {
  names: ['gemma3'],
  windows: (facts, blockCount) =>
    facts.number('attention.sliding_window') ? everySixthFull(facts, blockCount) : undefined,
  graph: gemmaGraph(false),
}
