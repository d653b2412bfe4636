import { deepstackSlice } from '../../graph/builder/deepstack.ts'
import { expertsOrDense, headerGating, headerNormalises } from '../../graph/builder/mixture.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { queryKeyValue } from '../../graph/builder/qkv.ts'
import { type BlockStep, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { requiredTensor } from '../../graph/builder/builder.ts'
import { div, mul, mulMat, scale, unary } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

/** Pre-norm transformers that leave src/models/llama.cpp in one or two lines. */

const phiGraph = (feedForwardPart: BlockStep): Architecture['graph'] =>
  transformer({ heads: plainHeads({ query: scale }), feedForward: feedForwardPart, residualFirst: true })

export const phi3: Architecture = {
  names: ['phi3'],
  graph: phiGraph((b, x, il) => feedForward(b, x, il, { activation: 'swiglu-fused' })),
}

/** Phi-3.5 MoE runs the graph of phi3.cpp with experts; its norms have biases. */
export const phimoe: Architecture = { names: ['phimoe'], graph: phiGraph(expertsOrDense()) }

/** Squared ReLU without a gate; layer norms with bias. */
export const nemotron: Architecture = {
  names: ['nemotron'],
  graph: transformer({
    norm: 'layer',
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'relu-squared' }),
  }),
}

export const arcee: Architecture = {
  names: ['arcee'],
  graph: transformer({ feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'relu-squared' }) }),
}

export const seedOss: Architecture = {
  names: ['seed_oss'],
  graph: transformer({ feedForwardNorm: 'post_attention_norm' }),
}

/** No rotation in every fourth block. */
export const smollm3: Architecture = {
  names: ['smollm3'],
  blockVariant: (_, il) => Number((il + 1) % 4 !== 0),
  graph: transformer({ heads: plainHeads({ ropes: (_, il) => (il + 1) % 4 !== 0 }) }),
}

/** The header says whether the experts' weights are normalised; a shared expert beside them. */
export const bailingmoe: Architecture = {
  names: ['bailingmoe'],
  graph: transformer({
    feedForward: expertsOrDense({
      experts: (b) => ({ gating: 'softmax', normaliseWeights: headerNormalises(b) }),
    }),
  }),
}

export const dots1: Architecture = {
  names: ['dots1'],
  graph: transformer({
    feedForward: expertsOrDense({
      experts: (b) => ({ gating: headerGating(b), normaliseWeights: headerNormalises(b) }),
    }),
  }),
}

const plainWeights = transformer({
  feedForward: expertsOrDense({ experts: () => ({ gating: 'softmax', normaliseWeights: false }) }),
})

/** The first DeepSeek MoE and OLMoE: expert weights are not normalised. */
export const deepseek: Architecture = { names: ['deepseek'], graph: plainWeights }
export const olmoe: Architecture = { names: ['olmoe'], graph: plainWeights }

/** The shared expert is weighted by a gate of its own. */
export const qwen2Moe: Architecture = {
  names: ['qwen2moe'],
  graph: transformer({
    feedForward: expertsOrDense({
      experts: () => ({ gating: 'softmax', normaliseWeights: false }),
      shared: (b, out, { input, il }) => {
        const gate = mulMat(requiredTensor(b, il, 'ffn_gate_inp_shexp'), input)
        return mul(out, div(unary(gate, 'silu'), gate))
      },
    }),
  }),
}

/** src/models/pangu-embed.cpp: `rope_freqs` is loaded and left out. */
export const panguEmbedded: Architecture = {
  names: ['pangu-embedded'],
  graph: transformer({ heads: plainHeads({ withoutFactors: true }) }),
}

/** src/models/refact.cpp: slopes by head (ALiBi) instead of positions. */
export const refact: Architecture = {
  names: ['refact'],
  graph: transformer({ heads: queryKeyValue, attention: () => ({ alibi: true }) }),
}

/** Vision models with four position numbers a token; deepstack embeddings in Qwen's third generation. */
export const qwenVision: Architecture = {
  names: ['qwen2vl', 'qwen3vl', 'qwen3vlmoe', 'paddleocr'],
  positionsPerToken: 4,
  blockVariant: (model, il) => Number(deepstackSlice(model, il) !== undefined),
  graph: transformer(),
}
