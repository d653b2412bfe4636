import { requiredTensor } from '../../graph/builder/builder.ts'
import { type ExpertOptions, experts } from '../../graph/builder/experts.ts'
import { type BlockStep, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add, mulMat, scale } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

/** Experts, then the adjoint experts of their groups on what those answered; both are weighed by the same logits. */
const feedForwardPart: BlockStep = (b, cur, il) => {
  const logits = mulMat(requiredTensor(b, il, 'ffn_gate_inp'), cur)
  const options: ExpertOptions = { gating: 'softmax', normaliseWeights: true, logits }
  const routed = experts(b, cur, il, { ...options, grove: 'experts' })
  return add(routed, scale(experts(b, routed, il, { ...options, grove: 'adjoint' })))
}

/** src/models/grovemoe.cpp. */
export const groveMoe: Architecture = {
  names: ['grovemoe'],
  graph: transformer({ heads: plainHeads({ withoutFactors: true }), feedForward: feedForwardPart }),
}
