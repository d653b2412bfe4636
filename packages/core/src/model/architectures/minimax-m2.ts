import { expertsOrDense, headerGating } from '../../graph/builder/mixture.ts'
import { headsNormalisedTogether } from '../../graph/builder/qkv.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import { ropeFactors } from '../../graph/builder/builder.ts'
import type { Architecture } from './architecture.ts'

/** src/models/minimax-m2.cpp: q and k are normalised over all heads at once. */
export const minimaxM2: Architecture = {
  names: ['minimax-m2'],
  graph: transformer({
    heads: (b, cur, il) => headsNormalisedTogether(b, cur, il, ropeFactors(b, il)),
    feedForward: expertsOrDense({ experts: (b) => ({ gating: headerGating(b), normaliseWeights: true }) }),
  }),
}
