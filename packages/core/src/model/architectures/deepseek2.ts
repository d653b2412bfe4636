import { reshape, add, mulMat } from '../../graph/operations.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { eachBlock, blockTensor, requiredTensor } from '../../graph/builder/builder.ts'
import { compressedQuery, latentAttention, latentHeads, latentSizes } from '../../graph/builder/latent-attention.ts'
import { expertsAfterLeadingDense, headerGating } from '../../graph/builder/mixture.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import type { BlockContext } from '../../context/block-context.ts'
import { attentionContext } from '../../context/attention.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'

/** MLA keeps one latent with the shared rotary key per cell (`key_length`), and no values. */
export function latentContext(model: ModelShape, il: number, indexerWidth = 0): BlockContext {
  if (model.hyperparameter('attention.key_length_mla') === undefined) return attentionContext(model, il)
  return { kind: 'latent', latentWidth: model.keyLength, indexerWidth }
}

export const deepseek2: Architecture = {
  names: ['deepseek2'],
  blockContext: latentContext,
  graph: (b, { cur }) => {
    const { heads, key } = latentSizes(b)
    const gating = headerGating(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const direct = blockTensor(b, il, 'attn_q')
      const flat = direct
        ? mulMat(direct, normed)
        : mulMat(requiredTensor(b, il, 'attn_q_b'), compressedQuery(b, normed, il)!)
      const latents = latentHeads(b, reshape(flat, key, heads, b.tokens), normed, il)
      const [attended, residual] = gatherOutputs(b, il, latentAttention(b, latents, il), x)
      const middle = add(attended, residual)
      x = add(expertsAfterLeadingDense(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il, gating), middle)
    }
    outputHead(b, x)
  },
}
