import { blockTensor } from '../../graph/builder/builder.ts'
import { outputHeadKeepingLast } from '../../graph/builder/head.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import { type Architecture, windowedExceptEvery } from './architecture.ts'

/** src/models/openai-moe.cpp: attention sinks, experts weighted by a softmax over the chosen, a window in every other block. */
export const gptOss: Architecture = {
  names: ['gpt-oss'],
  windows: windowedExceptEvery(2),
  graph: transformer({
    attention: (b, il) => ({ sinks: blockTensor(b, il, 'attn_sinks') }),
    feedForwardNorm: 'post_attention_norm',
    feedForward: expertsOrDense({ experts: () => ({ gating: 'softmax-of-chosen', normaliseWeights: false }) }),
    gatherInHead: true,
    head: outputHeadKeepingLast,
  }),
}
