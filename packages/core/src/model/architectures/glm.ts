import { feedForward } from '../../graph/builder/feed-forward.ts'
import { expertsAfterLeadingDense } from '../../graph/builder/mixture.ts'
import { namedNorm, transformer } from '../../graph/builder/transformer.ts'
import { type Architecture, positionsBySections } from './architecture.ts'

/** src/models/glm4.cpp: norms on both sides, gate and up in one matrix. */
export const glm4: Architecture = {
  names: ['glm4'],
  positionsPerToken: positionsBySections,
  graph: transformer({
    afterAttention: (b, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'swiglu-fused' }),
    afterFeedForward: (b, x, il) => namedNorm(b, x, il, { name: 'post_ffw_norm' }),
  }),
}

/** src/models/glm4-moe.cpp: the first blocks dense, then sigmoid-routed experts beside a shared one. */
export const glm4Moe: Architecture = {
  names: ['glm4moe'],
  positionsPerToken: positionsBySections,
  graph: transformer({
    feedForwardNorm: 'post_attention_norm',
    feedForward: (b, x, il) => expertsAfterLeadingDense(b, x, il, { gating: 'sigmoid' }),
  }),
}
