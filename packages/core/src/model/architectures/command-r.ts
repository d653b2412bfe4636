import { blockTensor, type GraphBuilder } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { outputHead, outputHeadKeepingHidden } from '../../graph/builder/head.ts'
import { expertsOrDense, headerGating, headerNormalises } from '../../graph/builder/mixture.ts'
import { sideBySide, type SideBySideOptions } from '../../graph/builder/side-by-side.ts'
import { type BlockStep, plainHeads } from '../../graph/builder/transformer.ts'
import { add, scale } from '../../graph/operations.ts'
import { type Architecture, windowedBlocks, windowedExceptEvery } from './architecture.ts'

/** Cohere: attention and feed-forward read the same norm, side by side. */
const cohere = (ropes: (b: GraphBuilder, il: number) => boolean): SideBySideOptions => ({
  norm: 'layer',
  heads: plainHeads({ norm: 'layer', withoutFactors: true, ropes }),
  feedForward,
  sum: ({ fed, attended, residual }) => add(add(fed, residual), attended),
  head: (b, x) => outputHead(b, x, { kind: 'layer', scaled: true }),
})

export const commandR: Architecture = { names: ['command-r'], graph: sideBySide(cohere(() => true)) }

/** Only windowed blocks carry positions. */
export const cohere2: Architecture = {
  names: ['cohere2'],
  windows: windowedExceptEvery(4),
  graph: sideBySide(cohere((b, il) => b.model.windowed[il]!)),
}

const mixture = expertsOrDense({
  experts: (b) => ({ gating: headerGating(b, 'sigmoid'), normaliseWeights: headerNormalises(b) }),
})

/** Routed experts and a shared one are averaged. */
const averagedMixture: BlockStep = (b, cur, il) => {
  const out = mixture(b, cur, il)
  const averages = blockTensor(b, il, 'ffn_gate_inp') && blockTensor(b, il, 'ffn_up_shexp')
  return averages ? scale(out) : out
}

const isLeading = ({ model }: GraphBuilder, il: number): boolean =>
  il < Number(model.hyperparameter('leading_dense_block_count') ?? 0)

/** src/models/cohere2moe.cpp: the first block of four attends to everything; leading dense ones carry positions all the same. */
export const cohere2Moe: Architecture = {
  names: ['cohere2moe'],
  loadsOfSpeculative: (name) => /\.nextn\.(embed_tokens|shared_head_head|shared_head_norm)\.weight$/.test(name),
  windows: (facts, blockCount) => ({
    slidingWindow: facts.number('attention.sliding_window') ?? 0,
    windowed: windowedBlocks(facts, blockCount, { period: 4, fullFirst: true }),
  }),
  graph: (b, inputs) => {
    const norm = Number(b.model.hyperparameter('attention.layer_norm_rms_epsilon') ?? 0) === 0 ? 'layer' : 'rms'
    sideBySide({
      ...cohere((_, il) => b.model.windowed[il]! || isLeading(b, il)),
      norm,
      feedForward: averagedMixture,
      gatherInHead: true,
      head: (_, x) => outputHeadKeepingHidden(b, x, { kind: norm, scaled: true }),
    })(b, inputs)
  },
}
