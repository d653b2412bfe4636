import { attention, type Heads } from '../../graph/builder/attention.ts'
import type { GraphBuilder } from '../../graph/builder/builder.ts'
import { feedForward, project } from '../../graph/builder/feed-forward.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { type BlockStep, namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

/** A third norm between the gated projections and the last one. */
const feedForwardPart: BlockStep = (b, cur, il) =>
  project(b, namedNorm(b, feedForward(b, cur, il, { down: null }), il, { name: 'ffn_sub_norm' }), il, 'ffn_down')

/** Likewise between what was attended and its projection. */
function attend(b: GraphBuilder, heads: Heads, { il }: { readonly il: number }): GraphTensor {
  const attended = attention(b, heads, il, { output: null })
  return project(b, namedNorm(b, attended, il, { name: 'attn_sub_norm' }), il, 'attn_output')
}

/** src/models/bitnet.cpp: ternary matrices with a scale each; the output is multiplied by the embedding in host memory. */
export const bitnet: Architecture = {
  names: ['bitnet'],
  outputOnHost: true,
  graph: transformer({
    heads: plainHeads({ withoutFactors: true }),
    attend,
    feedForward: feedForwardPart,
    head: outputHead,
  }),
}
