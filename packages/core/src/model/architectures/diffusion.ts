import { attentionWithoutCache } from '../../graph/builder/attention-without-cache.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { plainHeads, transformer, type TransformerOptions } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/** Diffusion models: every token attends to every other of its batch, and nothing is kept between batches. */
const withoutCache: TransformerOptions = {
  heads: plainHeads({ withoutFactors: true }),
  attend: (b, heads, { il }) => attentionWithoutCache(b, heads, il),
}

/** src/models/llada.cpp. */
export const llada: Architecture = { names: ['llada'], withoutCache: true, graph: transformer(withoutCache) }

/** src/models/dream.cpp: Qwen 2 so run; the output bias is loaded and left out. */
export const dream: Architecture = {
  names: ['dream'],
  withoutCache: true,
  graph: transformer({ ...withoutCache, head: (b, x) => outputHead(b, x, { unbiased: true }) }),
}

const experts = (normaliseWeights: boolean): Architecture['graph'] =>
  transformer({
    ...withoutCache,
    feedForward: expertsOrDense({ experts: () => ({ gating: 'softmax', normaliseWeights, weightsScale: 1 }) }),
  })

/** src/models/llada-moe.cpp. */
export const lladaMoe: Architecture = { names: ['llada-moe'], withoutCache: true, graph: experts(false) }

/** src/models/rnd1.cpp: Qwen 3 MoE so run. */
export const rnd1: Architecture = { names: ['rnd1'], withoutCache: true, graph: experts(true) }
