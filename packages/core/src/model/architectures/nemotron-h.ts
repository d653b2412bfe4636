import { eachBlock } from '../../graph/builder/builder.ts'
import { attentionContext } from '../../context/attention.ts'
import { NO_CONTEXT } from '../../context/block-context.ts'
import { ssmContext } from '../../context/recurrent.ts'
import { attention } from '../../graph/builder/attention.ts'
import type { GraphBuilder } from '../../graph/builder/builder.ts'
import { outputHeadKeepingHidden } from '../../graph/builder/head.ts'
import { mamba2 } from '../../graph/builder/mamba.ts'
import { expertsOrDense, headerNormalises } from '../../graph/builder/mixture.ts'
import { queryKeyValue } from '../../graph/builder/qkv.ts'
import { type StateInputs, stateInputs } from '../../graph/builder/recurrent-state.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'

const feedForwardPart = expertsOrDense({
  activation: 'relu-squared',
  experts: (b) => ({ gating: 'sigmoid', normaliseWeights: headerNormalises(b), activation: 'relu-squared' }),
})

type Part = 'feed-forward' | 'mamba' | 'attention'

/** A block is one thing only. */
const partOf = (model: ModelShape, il: number): Part => {
  if (model.feedForwardLength[il] !== 0) return 'feed-forward'
  return model.headCountKv[il] === 0 ? 'mamba' : 'attention'
}

function mix(b: GraphBuilder, states: StateInputs, cur: GraphTensor, il: number): GraphTensor {
  const part = partOf(b.model, il)
  if (part === 'mamba') return mamba2(b, states, cur, il)
  return part === 'attention' ? attention(b, queryKeyValue(b, cur, il), il) : feedForwardPart(b, cur, il)
}

export const nemotronH: Architecture = {
  names: ['nemotron_h', 'nemotron_h_moe'],
  blockContext: (model, il) => {
    const part = partOf(model, il)
    if (part === 'feed-forward') return NO_CONTEXT
    return part === 'mamba' ? ssmContext(model) : attentionContext(model, il)
  },
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    let x = cur
    for (const il of eachBlock(b)) {
      x = add(mix(b, states, namedNorm(b, x, il, { name: 'attn_norm' }), il), x)
    }
    outputHeadKeepingHidden(b, x)
  },
}
