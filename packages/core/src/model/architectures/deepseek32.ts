import { add, mulMat } from '../../graph/operations.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { eachBlock, emit, requiredTensor } from '../../graph/builder/builder.ts'
import { bestCells, indexerInputs, sparseMask } from '../../graph/builder/indexer.ts'
import { attendLatents, compressedQuery, latentHeads } from '../../graph/builder/latent-attention.ts'
import { expertsAfterLeadingDense } from '../../graph/builder/mixture.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'
import { latentContext } from './deepseek2.ts'

/** A trained context of a million tokens marks the GLM whose indexer layers are shared. */
const SHARED_INDEXER_CONTEXT = 1_048_576

/** Whether block `il` ranks cells itself; the others reuse the last ranking (`indexer.types`, or every fourth block). */
function ranksCells(model: ModelShape, il: number): boolean {
  if (model.architecture !== 'glm-dsa' || model.contextLengthTrained < SHARED_INDEXER_CONTEXT) return true
  const types = model.hyperparameter('attention.indexer.types')
  return Array.isArray(types) ? Boolean(types[il]) : il < 2 || (il - 2) % 4 === 0
}

/** src/models/deepseek32.cpp and glm-dsa.cpp: latent attention over the cells that an indexer chooses. */
export const deepseek32: Architecture = {
  names: ['deepseek32', 'glm-dsa'],
  blockContext: (model, il) =>
    latentContext(
      model,
      il,
      ranksCells(model, il) ? Number(model.hyperparameter('attention.indexer.key_length') ?? 0) : 0,
    ),
  graph: (b, { cur }) => {
    const inputs = indexerInputs(b, { rotated: true })
    let chosen: GraphTensor | undefined
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const query = compressedQuery(b, normed, il)!
      if (!chosen || ranksCells(b.model, il)) chosen = bestCells(b, inputs, { query, cur: normed, il })
      const latents = latentHeads(b, mulMat(requiredTensor(b, il, 'attn_q_b'), query), normed, il)
      for (const tensor of [latents.q, latents.latent, latents.k]) emit(b, tensor)
      const [attended, residual] = gatherOutputs(
        b,
        il,
        attendLatents(b, latents, il, { mask: sparseMask(b, chosen) }),
        x,
      )
      const middle = add(attended, residual)
      x = add(
        expertsAfterLeadingDense(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il, { gating: 'sigmoid' }),
        middle,
      )
    }
    outputHead(b, x)
  },
}
