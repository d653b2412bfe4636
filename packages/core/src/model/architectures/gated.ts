import { attention } from '../../graph/builder/attention.ts'
import { requiredTensor } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { type Gated, gatedOutput } from '../../graph/builder/gated-output.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { expertsAfterLeadingDense, headerGating } from '../../graph/builder/mixture.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { plainHeads, transformer, type TransformerOptions } from '../../graph/builder/transformer.ts'
import { rmsNorm } from '../../graph/operations.ts'
import { type Architecture, windowedAsPatterned, windowedByPattern } from './architecture.ts'

/** Transformers whose attended values pass a gate before the output projection. */

const gatedBy =
  (activation: Gated['activation']): NonNullable<TransformerOptions['attend']> =>
  (b, heads, { il, input }) =>
    gatedOutput(b, attention(b, heads, il, { output: null }), { il, input, activation })

/** src/models/laguna.cpp: leading dense blocks, then experts beside a shared one; full attention first in every four. */
export const laguna: Architecture = {
  names: ['laguna'],
  windows: windowedByPattern(4, { fullFirst: true }),
  graph: transformer({
    heads: plainHeads({ withoutFactors: true }),
    attend: gatedBy('softplus'),
    feedForward: (b, x, il) => expertsAfterLeadingDense(b, x, il, { gating: headerGating(b, 'sigmoid') }),
  }),
}

/** src/models/spark2-5.cpp. */
export const spark: Architecture = {
  names: ['spark2_5'],
  windows: windowedAsPatterned,
  graph: transformer({
    heads: plainHeads({ withoutFactors: true }),
    attend: gatedBy('sigmoid'),
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'gelu' }),
  }),
}

/** src/models/muse-glimmer.cpp: norms on both sides, embeddings normalised too; only windowed blocks carry positions. */
export const museGlimmer: Architecture = {
  names: ['muse-glimmer'],
  windows: windowedByPattern(4),
  graph: (b, { cur, deepstack }) =>
    transformer({
      heads: plainHeads({ withoutFactors: true, ropes: (_, il) => b.model.windowed[il]! }),
      attend: (_, heads, at) =>
        buildNorm(b, gatedBy('sigmoid')(b, heads, at), { weight: requiredTensor(b, at.il, 'post_attention_norm') }, -1),
      afterFeedForward: (_, x, il) => buildNorm(b, x, { weight: requiredTensor(b, il, 'post_ffw_norm') }, -1),
      head: (_, x) =>
        outputHead(b, x, {
          scaled: true,
          softcap: Number(b.model.hyperparameter('final_logit_softcapping') ?? 30) !== 0,
        }),
    })(b, { cur: rmsNorm(cur), deepstack }),
}
