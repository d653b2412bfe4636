import { attention, outputProjection } from '../../graph/builder/attention.ts'
import { eachBlock, blockTensor } from '../../graph/builder/builder.ts'
import { gatedOutput } from '../../graph/builder/gated-output.ts'
import { outputHeadKeepingLast } from '../../graph/builder/head.ts'
import { expertsOrDense, headerNormalises } from '../../graph/builder/mixture.ts'
import { limitVariant } from '../../graph/builder/swiglu-limit.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import { type Architecture, windowedAsPatterned } from './architecture.ts'

const heads = plainHeads({ withoutFactors: 'windowed' })
const feedForwardPart = expertsOrDense({
  experts: (b) => ({ gating: 'sigmoid', normaliseWeights: headerNormalises(b) }),
  limited: true,
})

/** Tensors of a speculative block that are optional, which here means that llama.cpp does not skip them. */
const OPTIONAL_OF_BLOCK =
  /^rope_freqs\.weight$|\.(attn_(gate|q_norm|k_norm)|ffn_(gate|down|up)(_exps|_shexp)?|ffn_gate_inp|exp_probs_b|nextn\.(embed_tokens|shared_head_head|shared_head_norm))\.(weight|bias)$/

/** src/models/step35.cpp: a gate per head on the attended values. */
export const step35: Architecture = {
  names: ['step35'],
  windows: windowedAsPatterned,
  loadsOfSpeculative: (name) => OPTIONAL_OF_BLOCK.test(name),
  blockVariant: limitVariant,
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const attended = attention(b, heads(b, normed, il), il, { output: null })
      const out = blockTensor(b, il, 'attn_gate')
        ? gatedOutput(b, attended, { il, input: normed, activation: 'sigmoid' })
        : outputProjection(b, attended, il, undefined)
      const middle = add(out, x)
      x = add(feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
    }
    outputHeadKeepingLast(b, x)
  },
}
