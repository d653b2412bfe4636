import { attention } from '../../graph/builder/attention.ts'
import { attentionContext } from '../../context/attention.ts'
import { ssmContext } from '../../context/recurrent.ts'
import { eachBlock, type GraphBuilder } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { mambaPlamo2 } from '../../graph/builder/mamba-plamo2.ts'
import { stateInputs } from '../../graph/builder/recurrent-state.ts'
import { namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { type Architecture, windowedByPattern } from './architecture.ts'

const heads = plainHeads({ withoutFactors: true })

const normedFeedForward = (b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor => {
  const input = namedNorm(b, cur, il, { name: 'ffn_norm' })
  return namedNorm(b, feedForward(b, input, il, { activation: 'swiglu-fused' }), il, { name: 'post_ffw_norm' })
}

/** src/models/plamo.cpp: attention and feed-forward read the same norm, side by side. */
export const plamo: Architecture = {
  names: ['plamo'],
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [attended, input, residual] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), normed, x)
      x = add(add(feedForward(b, input, il), attended), residual)
    }
    outputHead(b, x)
  },
}

/** src/models/plamo2.cpp: blocks without KV heads are state spaces; norms on both sides. */
export const plamo2: Architecture = {
  names: ['plamo2'],
  // The loader takes the list of factors for a matrix of Mamba-1's, of another size than the kernel knows.
  staysOnHost: ({ name }) => name.endsWith('.ssm_a'),
  blockContext: (model, il) => (model.headCountKv[il] === 0 ? ssmContext(model) : attentionContext(model, il)),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const mixed =
        b.model.headCountKv[il] === 0 ? mambaPlamo2(b, states, normed, il) : attention(b, heads(b, normed, il), il)
      const [out, residual] = gatherOutputs(b, il, mixed, x)
      const middle = add(namedNorm(b, out, il, { name: 'post_attention_norm' }), residual)
      x = add(normedFeedForward(b, middle, il), middle)
    }
    outputHead(b, x)
  },
}

/** src/models/plamo3.cpp: norms on both sides, gate and up in one matrix. */
export const plamo3: Architecture = {
  names: ['plamo3'],
  windows: windowedByPattern(8),
  graph: transformer({
    heads,
    afterAttention: (b, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
    feedForwardNorm: null,
    feedForward: normedFeedForward,
  }),
}
