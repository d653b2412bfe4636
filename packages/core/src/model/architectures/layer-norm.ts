import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, blockTensor, type GraphBuilder } from '../../graph/builder/builder.ts'
import type { Embeddings } from '../../graph/builder/embeddings.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { sideBySide } from '../../graph/builder/side-by-side.ts'
import { type BlockStep, namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add, scale } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads({ norm: 'layer', withoutFactors: true })

const geluFeedForward: BlockStep = (b, x, il) => feedForward(b, x, il, { activation: 'gelu' })
const layerNormHead = (b: GraphBuilder, x: GraphTensor): void => outputHead(b, x, { kind: 'layer' })
const sequential = transformer({ norm: 'layer', heads, feedForward: geluFeedForward })

export const starcoder2: Architecture = { names: ['starcoder2', 'codeshell'], graph: sequential }

/** src/models/stablelm.cpp: without a second norm the feed-forward part reads the first one's result. */
export const stablelm: Architecture = {
  names: ['stablelm'],
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm', kind: 'layer' })
      const [attended, residual, first] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), x, normed)
      const middle = add(attended, residual)
      const input = blockTensor(b, il, 'ffn_norm')
        ? namedNorm(b, middle, il, { name: 'ffn_norm', kind: 'layer' })
        : first
      x = add(feedForward(b, input, il), middle)
    }
    layerNormHead(b, x)
  },
}

/** src/models/falcon.cpp: attention and feed-forward side by side, with a norm each in the 40B. */
export const falcon: Architecture = {
  names: ['falcon'],
  graph: sideBySide({
    norm: 'layer',
    heads,
    attentionInput: (b, { x, normed }, il) =>
      blockTensor(b, il, 'attn_norm_2') ? namedNorm(b, x, il, { name: 'attn_norm_2', kind: 'layer' }) : normed,
    feedForward: geluFeedForward,
    sum: ({ fed, attended, residual }) => add(add(fed, attended), residual),
    head: layerNormHead,
  }),
}

export const phi2: Architecture = {
  names: ['phi2'],
  graph: sideBySide({
    norm: 'layer',
    heads: plainHeads({ withoutFactors: true, query: scale }),
    feedForward: geluFeedForward,
    sum: ({ fed, attended, residual }) => add(add(attended, fed), residual),
    head: layerNormHead,
  }),
}

/** src/models/gptneox.cpp: by the header one part after the other, or side by side on a norm each of the same input. */
export const gptNeox: Architecture = {
  names: ['gptneox'],
  graph: (b, inputs) => (usesParallelResidual(b) ? parallelResidual(b, inputs) : sequential(b, inputs)),
}

const usesParallelResidual = ({ model }: GraphBuilder): boolean =>
  Boolean(model.hyperparameter('use_parallel_residual'))

function parallelResidual(b: GraphBuilder, { cur }: Embeddings): void {
  let x = cur
  for (const il of eachBlock(b)) {
    const normed = namedNorm(b, x, il, { name: 'attn_norm', kind: 'layer' })
    const [attended, residual] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), x)
    const input = namedNorm(b, residual, il, { name: 'ffn_norm', kind: 'layer' })
    x = add(add(geluFeedForward(b, input, il), residual), attended)
  }
  layerNormHead(b, x)
}

/** src/models/orion.cpp: LLaMA with layer norms. */
export const orion: Architecture = { names: ['orion'], graph: transformer({ norm: 'layer', heads }) }

/** src/models/olmo.cpp: layer norms without weights, and projections clamped where the header says so. */
export const olmo: Architecture = { names: ['olmo'], graph: transformer({ norm: 'layer', bareNorms: true, heads }) }

/** src/models/jais2.cpp: squared ReLU without a gate. */
export const jais2: Architecture = {
  names: ['jais2'],
  graph: transformer({
    norm: 'layer',
    heads,
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'relu-squared' }),
  }),
}
