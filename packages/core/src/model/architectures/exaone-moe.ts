import { expertsOrDense, headerGating, headerNormalises } from '../../graph/builder/mixture.ts'
import { plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { type Architecture, windowedBlocks } from './architecture.ts'

/** Where the header has no `attention.sliding_window`. */
const DEFAULT_WINDOW = 128

/** src/models/exaone-moe.cpp: only windowed blocks carry positions; leading blocks are dense. */
export const exaoneMoe: Architecture = {
  names: ['exaone-moe'],
  windows: (facts, blockCount) => ({
    slidingWindow: facts.number('attention.sliding_window') ?? DEFAULT_WINDOW,
    windowed: windowedBlocks(facts, blockCount, { period: 4 }),
  }),
  graph: transformer({
    heads: plainHeads({ ropes: ({ model }, il) => model.windowed[il]! }),
    feedForward: expertsOrDense({
      experts: (b) => ({ gating: headerGating(b), normaliseWeights: headerNormalises(b) }),
    }),
  }),
}
