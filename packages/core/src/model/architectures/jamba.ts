import { eachBlock } from '../../graph/builder/builder.ts'
import { attentionContext } from '../../context/attention.ts'
import { ssmContext } from '../../context/recurrent.ts'
import { attention } from '../../graph/builder/attention.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { mamba1 } from '../../graph/builder/mamba.ts'
import { queryKeyValue } from '../../graph/builder/qkv.ts'
import { stateInputs } from '../../graph/builder/recurrent-state.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

const feedForwardPart = expertsOrDense({ experts: () => ({ gating: 'softmax', normaliseWeights: false }) })

/** Blocks without KV heads are Mamba-1; the residual comes first in both additions. */
export const jamba: Architecture = {
  names: ['jamba'],
  tensorSplit: null,
  blockContext: (model, il) => (model.headCountKv[il] === 0 ? ssmContext(model) : attentionContext(model, il)),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const mixed =
        b.model.headCountKv[il] === 0 ? mamba1(b, states, normed, il) : attention(b, queryKeyValue(b, normed, il), il)
      const [out, residual] = gatherOutputs(b, il, mixed, x)
      const middle = add(residual, out)
      x = add(middle, feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il))
    }
    outputHead(b, x)
  },
}
