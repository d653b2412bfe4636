import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, type GraphBuilder, requiredTensor } from '../../graph/builder/builder.ts'
import { project } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { expertsOrDense, headerGating, headerNormalises } from '../../graph/builder/mixture.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, mul, mulMat, scale, unary } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { type Architecture, windowedExceptEvery } from './architecture.ts'

/** Every fourth block carries no positions (`n_no_rope_layer_step`), wherever the windows lie. */
const rotates = (il: number): boolean => (il + 1) % 4 !== 0

const heads = plainHeads({ withoutFactors: true, ropes: (_, il) => rotates(il) })

const feedForwardPart = expertsOrDense({
  experts: (b) => ({ gating: headerGating(b, 'sigmoid'), normaliseWeights: headerNormalises(b) }),
})

/** A gate per element on the attended values, before they are projected. */
function gatedAttention(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const projected = heads(b, cur, il)
  const gate = mulMat(requiredTensor(b, il, 'attn_gate'), cur)
  const attended = attention(b, projected, il, { output: null })
  return project(b, mul(attended, unary(gate, 'sigmoid')), il, 'attn_output')
}

/** src/models/afmoe.cpp (Trinity): scaled embeddings, norms on both sides of each part, leading blocks dense. */
export const afmoe: Architecture = {
  names: ['afmoe'],
  windows: windowedExceptEvery(4),
  blockVariant: (_, il) => Number(rotates(il)),
  graph: (b, { cur }) => {
    let x = scale(cur)
    for (const il of eachBlock(b)) {
      const mixed = gatedAttention(b, namedNorm(b, x, il, { name: 'attn_norm' }), il)
      const normed = namedNorm(b, mixed, il, { name: 'post_attention_norm' })
      const [attended, residual] = gatherOutputs(b, il, normed, x)
      const middle = add(attended, residual)
      const out = feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il)
      x = add(namedNorm(b, out, il, { name: 'post_ffw_norm' }), middle)
    }
    outputHead(b, x)
  },
}
