import { eachBlock, emit, type GraphBuilder, requiredTensor } from '../../graph/builder/builder.ts'
import { gatedOutput } from '../../graph/builder/gated-output.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { bestCells, type IndexerInputs, indexerInputs, sparseMask } from '../../graph/builder/indexer.ts'
import { attendLatents, compressedQuery, latentHeads } from '../../graph/builder/latent-attention.ts'
import { expertsAfterLeadingDense, headerGating } from '../../graph/builder/mixture.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add, mulMat } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { ModelShape } from '../model.ts'
import { type Architecture, windowedAsPatterned } from './architecture.ts'
import { latentContext } from './deepseek2.ts'

const ranksCells = (model: ModelShape, il: number): boolean => {
  const types = model.hyperparameter('attention.indexer.types')
  return Array.isArray(types) && Boolean(types[il])
}

/** Windowed blocks attend to all of their window, the others to the cells that their indexer chooses. */
function attention(b: GraphBuilder, cur: GraphTensor, il: number, indexer: IndexerInputs): GraphTensor {
  const query = compressedQuery(b, cur, il)!
  const chosen = b.model.windowed[il] ? undefined : bestCells(b, indexer, { query, cur, il })
  const latents = latentHeads(b, mulMat(requiredTensor(b, il, 'attn_q_b'), query), cur, il)
  for (const tensor of [latents.q, latents.latent, latents.k]) emit(b, tensor)
  const options = chosen ? { output: null, mask: sparseMask(b, chosen) } : { output: null }
  return gatedOutput(b, attendLatents(b, latents, il, options), { il, input: cur, activation: 'sigmoid' })
}

/** src/models/dots3note.cpp: latent attention in two sizes, with a gate a head. */
export const dots3note: Architecture = {
  names: ['dots3note'],
  windows: windowedAsPatterned,
  blockContext: (model, il) => {
    const width = Number(model.hyperparameter('attention.indexer.key_length') ?? 0)
    return latentContext(model, il, ranksCells(model, il) ? width : 0)
  },
  graph: (b, { cur }) => {
    const indexer = indexerInputs(b, { rotated: true })
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [attended, residual] = gatherOutputs(b, il, attention(b, normed, il, indexer), x)
      const middle = add(attended, residual)
      const input = namedNorm(b, middle, il, { name: 'ffn_norm' })
      x = add(expertsAfterLeadingDense(b, input, il, { gating: headerGating(b) }), middle)
    }
    outputHead(b, x)
  },
}
