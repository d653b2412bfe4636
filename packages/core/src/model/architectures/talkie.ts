import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, type GraphBuilder, requiredTensor } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { queryKeyValue, rotaryPositions } from '../../graph/builder/qkv.ts'
import { add, mul, rmsNorm } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

/** Norms have no weights, save the query's, one factor a head. */
function headsOf(b: GraphBuilder, cur: GraphTensor, il: number) {
  const { q, k, v } = queryKeyValue(b, rmsNorm(cur), il)
  const query = buildNorm(b, rotaryPositions(b, q), { weight: requiredTensor(b, il, 'attn_q_norm') }, il)
  return { q: query, k: rmsNorm(rotaryPositions(b, k)), v }
}

/** src/models/talkie.cpp: every block adds the normalised embeddings once more, scaled by a factor of its own. */
export const talkie: Architecture = {
  names: ['talkie'],
  graph: (b, { cur }) => {
    const embedded = rmsNorm(cur)
    let x = embedded
    for (const il of eachBlock(b)) {
      const attended = attention(b, headsOf(b, x, il), il)
      const [out, residual, skipped] = gatherOutputs(b, il, attended, x, embedded)
      const middle = add(out, residual)
      const joined = add(feedForward(b, rmsNorm(middle), il), middle)
      x = add(joined, mul(skipped, requiredTensor(b, il, 'layer_output_scale')))
    }
    outputHead(b, x, { scaled: true })
  },
}
