import { attentionContext } from '../../context/attention.ts'
import { ssmContext } from '../../context/recurrent.ts'
import { attention } from '../../graph/builder/attention.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { mamba1 } from '../../graph/builder/mamba.ts'
import { queryKeyValue } from '../../graph/builder/qkv.ts'
import { stateInputs } from '../../graph/builder/recurrent-state.ts'
import { residualFirstBlocks } from '../../graph/builder/residual-first.ts'
import type { GraphBuilder } from '../../graph/builder/builder.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

const feedForwardPart = expertsOrDense({ experts: () => ({ gating: 'softmax', normaliseWeights: false }) })

/** Blocks without KV heads are Mamba-1; the residual comes first in both additions. */
export const jamba: Architecture = {
  names: ['jamba'],
  blockContext: (model, il) => (model.headCountKv[il] === 0 ? ssmContext(model) : attentionContext(model, il)),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    const mix = (_: GraphBuilder, x: GraphTensor, il: number): GraphTensor =>
      b.model.headCountKv[il] === 0 ? mamba1(b, states, x, il) : attention(b, queryKeyValue(b, x, il), il)
    outputHead(b, residualFirstBlocks(b, cur, { mix, feedForward: feedForwardPart }))
  },
}
