import { add, inputTensor, mul, reshape } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { attention } from '../../graph/builder/attention.ts'
import { expandedHeads } from '../../graph/builder/expanded-latent.ts'
import type { ExpertOptions } from '../../graph/builder/experts.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { eachBlock, type GraphBuilder } from '../../graph/builder/builder.ts'
import { flatQuery, latentAttention, latentHeads, latentSizes } from '../../graph/builder/latent-attention.ts'
import { expertsAfterLeadingDense, headerGating } from '../../graph/builder/mixture.ts'
import { namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import type { BlockContext } from '../../context/block-context.ts'
import { attentionContext } from '../../context/attention.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'

/** `llama_hparams::is_mla`. */
const isAbsorbed = (model: ModelShape): boolean => Number(model.hyperparameter('attention.key_length_mla') ?? 0) !== 0

/** MLA keeps one latent with the shared rotary key per cell (`key_length`), and no values. */
export function latentContext(model: ModelShape, il: number, indexerWidth = 0): BlockContext {
  if (!isAbsorbed(model)) return attentionContext(model, il)
  const windowed = model.windowed[il]!
  return { kind: 'latent', latentWidth: windowed ? model.keyLengthSwa : model.keyLength, indexerWidth, windowed }
}

/** Absorbed where the file has the sizes of MLA; decompressed before it is stored where it is older. */
function attended(b: GraphBuilder, cur: GraphTensor, il: number, temperature: GraphTensor | undefined): GraphTensor {
  const tempered = (q: GraphTensor): GraphTensor => (temperature ? mul(q, temperature) : q)
  if (!isAbsorbed(b.model)) {
    const { q, k, v } = expandedHeads(b, flatQuery(b, cur, il), cur, { il })
    return attention(b, { q: tempered(q), k, v }, il)
  }
  const { heads, key } = latentSizes(b, il)
  const latents = latentHeads(b, reshape(flatQuery(b, cur, il), key, heads, b.tokens), cur, il)
  return latentAttention(b, { ...latents, q: tempered(latents.q) }, il)
}

/** `expertOptions`: what an architecture asks of its experts beyond what the header says. */
const deepseek2Graph =
  (expertOptions: Partial<ExpertOptions> = {}): Architecture['graph'] =>
  (b, { cur }) => {
    const gating = headerGating(b)
    const hasTemperature = Number(b.model.hyperparameter('attention.temperature_scale') ?? 0) !== 0
    const temperature = hasTemperature ? inputTensor('f32', 1, 1, b.tokens) : undefined
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [out, residual] = gatherOutputs(b, il, attended(b, normed, il, temperature), x)
      const middle = add(out, residual)
      const input = namedNorm(b, middle, il, { name: 'ffn_norm' })
      x = add(expertsAfterLeadingDense(b, input, il, { gating, ...expertOptions }), middle)
    }
    outputHead(b, x)
  }

export const deepseek2: Architecture = {
  names: ['deepseek2'],
  blockContext: latentContext,
  graph: deepseek2Graph(),
}

/** src/models/mistral4.cpp: experts' results may pass F16's range, so activations stay in F32. */
export const mistral4: Architecture = {
  names: ['mistral4'],
  blockContext: latentContext,
  graph: deepseek2Graph({ downInFullPrecision: true }),
}

/** src/models/deepseek2ocr.cpp: plain attention under DeepSeek 2's experts. */
export const deepseek2Ocr: Architecture = {
  names: ['deepseek2-ocr'],
  graph: transformer({
    heads: plainHeads({ withoutFactors: true }),
    feedForward: (b, x, il) => expertsAfterLeadingDense(b, x, il, { gating: headerGating(b) }),
  }),
}
