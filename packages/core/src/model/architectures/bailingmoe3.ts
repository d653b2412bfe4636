import { type GraphBuilder, eachBlock, requiredTensor } from '../../graph/builder/builder.ts'
import { outputHeadKeepingHidden } from '../../graph/builder/head.ts'
import { kimiDelta, kimiDeltaContext } from '../../graph/builder/kimi-delta.ts'
import { flatQuery, latentAttention, latentHeads } from '../../graph/builder/latent-attention.ts'
import { expertsOrDense, headerGating, headerNormalises } from '../../graph/builder/mixture.ts'
import { stateInputs } from '../../graph/builder/recurrent-state.ts'
import { limitVariant } from '../../graph/builder/swiglu-limit.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add, cont, mul, mulMat, reshape, unary } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'
import { latentContext } from './deepseek2.ts'

const feedForwardPart = expertsOrDense({
  experts: (b) => ({ gating: headerGating(b), normaliseWeights: headerNormalises(b) }),
  limited: true,
})

/** Blocks without KV heads are recurrent; speculative ones behind the running blocks never are. */
const isRecurrent = ({ headCountKv, runBlockCount }: ModelShape, il: number): boolean =>
  il < runBlockCount && headCountKv[il] === 0

/** Latent attention with a gate per head on what was attended. */
function gatedLatents(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const heads = b.model.headCount[0]!
  const latents = latentHeads(b, flatQuery(b, cur, il), cur, il)
  const attended = latentAttention(b, latents, il, { output: null })
  const width = attended.ne[0]
  const gate = unary(reshape(mulMat(requiredTensor(b, il, 'attn_gate'), cur), 1, heads, b.tokens), 'sigmoid')
  const opened = mul(reshape(attended, width / heads, heads, b.tokens), gate)
  return mulMat(requiredTensor(b, il, 'attn_output'), cont(opened, width, b.tokens))
}

/** src/models/bailingmoe3.cpp (Ling 3): Kimi's delta attention and gated MLA, leading blocks dense. */
export const bailingmoe3: Architecture = {
  names: ['bailingmoe3'],
  cachesSpeculative: true,
  blockVariant: limitVariant,
  blockContext: (model, il) => (isRecurrent(model, il) ? kimiDeltaContext(model) : latentContext(model, il)),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const mixed = isRecurrent(b.model, il) ? kimiDelta(b, states, normed, il) : gatedLatents(b, normed, il)
      const middle = add(mixed, x)
      x = add(feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
    }
    outputHeadKeepingHidden(b, x)
  },
}
