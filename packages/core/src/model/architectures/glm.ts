import { feedForward } from '../../graph/builder/feed-forward.ts'
import { expertsAfterLeadingDense } from '../../graph/builder/mixture.ts'
import { type BlockStep, namedNorm, transformer } from '../../graph/builder/transformer.ts'
import { type Architecture, positionsBySections } from './architecture.ts'

/** Gate and up in one matrix. */
const fusedFeedForward: BlockStep = (b, x, il) => feedForward(b, x, il, { activation: 'swiglu-fused' })

/** src/models/chatglm.cpp: GLM-3 and 4 of 2024. */
export const chatglm: Architecture = { names: ['chatglm'], graph: transformer({ feedForward: fusedFeedForward }) }

/** src/models/glm4.cpp: norms on both sides. */
export const glm4: Architecture = {
  names: ['glm4'],
  positionsPerToken: positionsBySections,
  graph: transformer({
    afterAttention: (b, x, il) => namedNorm(b, x, il, { name: 'post_attention_norm' }),
    feedForward: fusedFeedForward,
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
