import { emit } from '../../graph/builder/builder.ts'
import { experts } from '../../graph/builder/experts.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { type BlockStep, namedNorm, transformer } from '../../graph/builder/transformer.ts'
import { blockTensor } from '../../graph/builder/builder.ts'
import { add, scale } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

/** Routed experts, in Grok 2 beside a dense part; their sum is scaled. */
const feedForwardPart: BlockStep = (b, cur, il) => {
  const routed = experts(b, cur, il, { gating: 'softmax', normaliseWeights: true, activation: 'gelu' })
  if (!blockTensor(b, il, 'ffn_up')) return routed
  return scale(add(feedForward(b, cur, il, { activation: 'gelu' }), routed))
}

/** The last norm of a block has one name in Grok 1 and another in Grok 2. */
const lastNorm: BlockStep = (b, cur, il) =>
  namedNorm(b, cur, il, { name: blockTensor(b, il, 'layer_output_norm') ? 'layer_output_norm' : 'post_ffw_norm' })

/**
 * src/models/grok.cpp: scores are softcapped, so llama.cpp never attends by flash attention; embeddings are scaled although
 * old files do not say so.
 */
export const grok: Architecture = {
  names: ['grok'],
  withoutFlashAttention: true,
  graph: (b, { cur, deepstack }) =>
    transformer({
      attention: () => ({ softcap: true }),
      afterAttention: (_, x, il) => namedNorm(b, x, il, { name: 'attn_output_norm' }),
      feedForward: feedForwardPart,
      afterFeedForward: lastNorm,
      head: (_, x) =>
        outputHead(b, x, { scaled: true, softcap: Boolean(b.model.hyperparameter('final_logit_softcapping')) }),
    })(b, { cur: b.model.hyperparameter('embedding_scale') === undefined ? emit(b, scale(cur)) : cur, deepstack }),
}
