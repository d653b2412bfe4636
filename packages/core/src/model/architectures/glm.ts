import { experts } from '../../graph/builder/experts.ts'
import { feedForward, SHARED_EXPERT } from '../../graph/builder/feed-forward.ts'
import { headerNormalises } from '../../graph/builder/mixture.ts'
import { namedNorm, transformer } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

/** src/models/glm4.cpp: norms on both sides, gate and up in one matrix. */
export const glm4: Architecture = {
  names: ['glm4'],
  graph: transformer({
    afterAttention: (b, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'swiglu-fused' }),
    afterFeedForward: (b, x, il) => namedNorm(b, x, il, { name: 'post_ffw_norm' }),
  }),
}

/** src/models/glm4-moe.cpp: the first blocks dense, then sigmoid-routed experts beside a shared one. */
export const glm4Moe: Architecture = {
  names: ['glm4moe'],
  graph: transformer({
    feedForwardNorm: 'post_attention_norm',
    feedForward: (b, x, il) => {
      if (il < Number(b.model.hyperparameter('leading_dense_block_count') ?? 0)) return feedForward(b, x, il)
      const routed = experts(b, x, il, { gating: 'sigmoid', normaliseWeights: headerNormalises(b) })
      return add(routed, feedForward(b, x, il, SHARED_EXPERT))
    },
  }),
}
