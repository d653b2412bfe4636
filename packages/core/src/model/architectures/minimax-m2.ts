import { expertsOrDense, headerGating } from '../../graph/builder/mixture.ts'
import { flatQueryKeyValue, headNorm, rotaryPositions } from '../../graph/builder/qkv.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import { ropeFactors } from '../../graph/builder/builder.ts'
import { reshape } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

/** src/models/minimax-m2.cpp: q and k are normalised over all heads at once. */
export const minimaxM2: Architecture = {
  names: ['minimax-m2'],
  tensorSplit: null,
  graph: transformer({
    heads: (b, cur, il) => {
      const { model, tokens } = b
      const { q, k, v } = flatQueryKeyValue(b, cur, il)
      const query = reshape(headNorm(b, q, il, 'attn_q_norm'), model.keyLength, model.headCount[il]!, tokens)
      const key = reshape(headNorm(b, k, il, 'attn_k_norm'), model.keyLength, model.headCountKv[il]!, tokens)
      const factors = ropeFactors(b, il)
      return {
        q: rotaryPositions(b, query, factors),
        k: rotaryPositions(b, key, factors),
        v: reshape(v, model.valueLength, model.headCountKv[il]!, tokens),
      }
    },
    feedForward: expertsOrDense({ experts: (b) => ({ gating: headerGating(b), normaliseWeights: true }) }),
  }),
}
