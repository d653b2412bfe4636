import { attention, outputProjection } from '../../graph/builder/attention.ts'
import { eachBlock, blockTensor } from '../../graph/builder/builder.ts'
import { outputHeadKeepingLast } from '../../graph/builder/head.ts'
import { expertsOrDense, headerNormalises } from '../../graph/builder/mixture.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, mul, mulMat, reshape, unary } from '../../graph/operations.ts'
import { type Architecture, windowedAsPatterned } from './architecture.ts'

const heads = plainHeads({ withoutFactors: true })
const feedForwardPart = expertsOrDense({
  experts: (b) => ({ gating: 'sigmoid', normaliseWeights: headerNormalises(b) }),
})

/** src/models/step35.cpp: a gate per head on the attended values. */
export const step35: Architecture = {
  names: ['step35'],
  windows: windowedAsPatterned,
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const count = b.model.headCount[il]!
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      let attended = attention(b, heads(b, normed, il), il, { output: null })
      const gateMatrix = blockTensor(b, il, 'attn_gate')
      if (gateMatrix) {
        const size = attended.ne[0] / count
        const gate = reshape(unary(mulMat(gateMatrix, normed), 'sigmoid'), 1, count, b.tokens)
        attended = reshape(mul(reshape(attended, size, count, b.tokens), gate), size * count, b.tokens)
      }
      const middle = add(outputProjection(b, attended, il, 'attn_output'), x)
      x = add(feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
    }
    outputHeadKeepingLast(b, x)
  },
}
