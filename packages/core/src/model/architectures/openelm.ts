import { attention } from '../../graph/builder/attention.ts'
import { eachBlock } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads({ withoutFactors: true })

/** src/models/openelm.cpp: heads and feed-forward widths by block; the residual comes first behind attention only. */
export const openelm: Architecture = {
  names: ['openelm'],
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [attended, residual] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), x)
      const middle = add(residual, attended)
      x = add(feedForward(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
    }
    outputHead(b, x)
  },
}
