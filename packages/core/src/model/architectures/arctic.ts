import { attention } from '../../graph/builder/attention.ts'
import { eachBlock } from '../../graph/builder/builder.ts'
import { experts } from '../../graph/builder/experts.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads({ withoutFactors: true })

/** src/models/arctic.cpp: a dense block, and beside the whole of it experts on a norm of the block's input. */
export const arctic: Architecture = {
  names: ['arctic'],
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [attended, residual] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), x)
      const middle = add(attended, residual)
      const dense = add(feedForward(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
      const input = namedNorm(b, residual, il, { name: 'ffn_norm_exps' })
      x = add(experts(b, input, il, { gating: 'softmax', normaliseWeights: true }), dense)
    }
    outputHead(b, x)
  },
}
