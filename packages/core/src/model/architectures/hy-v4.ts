import {
  emit,
  eachBlock,
  type GraphBuilder,
  missing,
  outputTensor,
  requiredTensor,
} from '../../graph/builder/builder.ts'
import { gatedOutput } from '../../graph/builder/gated-output.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { collapseStreams, gatherStreams, type HyperWeights, shareOut } from '../../graph/builder/hyper-connections.ts'
import { bestCells, type IndexerInputs, indexerInputs, sparseMask } from '../../graph/builder/indexer.ts'
import { attendLatents, compressedQuery, latentHeads } from '../../graph/builder/latent-attention.ts'
import { expertsAfterLeadingDense, headerGating } from '../../graph/builder/mixture.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { getRows, mulMat, repeat4d, reshape } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'
import { latentContext } from './deepseek2.ts'

const hasIndexer = (model: ModelShape): boolean => Number(model.hyperparameter('attention.indexer.top_k') ?? 0) > 0

/** Blocks that rank the cells themselves; the others reuse the last ranking. */
function ranksCells(model: ModelShape, il: number): boolean {
  const types = model.hyperparameter('attention.indexer.types')
  return hasIndexer(model) && Boolean(Array.isArray(types) ? types[il] : types)
}

const blockWeights = (b: GraphBuilder, il: number, part: 'attn' | 'ffn'): HyperWeights => ({
  matrix: requiredTensor(b, il, `hc_${part}_fn`),
  factors: requiredTensor(b, il, `hc_${part}_scale`),
  offsets: requiredTensor(b, il, `hc_${part}_base`),
})

function headWeights(b: GraphBuilder): HyperWeights {
  const own = (name: string): GraphTensor => outputTensor(b, name) ?? missing(`${name}.weight`)
  return { matrix: own('output_hc_fn'), factors: own('output_hc_scale'), offsets: own('output_hc_base') }
}

/** The last ranking of cells, handed on from block to block. */
interface Ranking {
  readonly inputs: IndexerInputs
  chosen: GraphTensor | undefined
}

function attention(b: GraphBuilder, cur: GraphTensor, il: number, ranking: Ranking | undefined): GraphTensor {
  const query = compressedQuery(b, cur, il)!
  if (ranking && ranksCells(b.model, il)) ranking.chosen = bestCells(b, ranking.inputs, { query, cur, il })
  const latents = latentHeads(b, mulMat(requiredTensor(b, il, 'attn_q_b'), query), cur, il)
  for (const tensor of [latents.q, latents.latent, latents.k]) emit(b, tensor)
  const options = { output: null, sinks: requiredTensor(b, il, 'attn_sinks') }
  const mask = ranking?.chosen && sparseMask(b, ranking.chosen)
  const attended = attendLatents(b, latents, il, mask ? { ...options, mask } : options)
  return gatedOutput(b, attended, { il, input: cur, activation: 'sigmoid' })
}

/** src/models/hy-v4.cpp: latent attention with sinks and a gate, several residual streams, sparse where it has an indexer. */
export const hyV4: Architecture = {
  names: ['hy_v4'],
  outputTensors: ['output_hc_fn', 'output_hc_base', 'output_hc_scale'],
  blockContext: (model, il) => {
    const width = Number(model.hyperparameter('attention.indexer.key_length') ?? 0)
    return latentContext(model, il, ranksCells(model, il) ? width : 0)
  },
  graph: (b, { cur }) => {
    const { embeddingLength: width } = b.model
    const streams = Number(b.model.hyperparameter('hyper_connection.count'))
    const ranking = hasIndexer(b.model)
      ? { inputs: indexerInputs(b, { rotated: false }), chosen: undefined }
      : undefined
    let x = repeat4d(reshape(cur, width, 1, b.tokens), width, streams, b.tokens, 1)
    for (const il of eachBlock(b)) {
      const before = gatherStreams(x, blockWeights(b, il, 'attn'))
      const attended = attention(b, namedNorm(b, before.input, il, { name: 'attn_norm' }), il, ranking)
      const middle = shareOut(attended, x, before.shares)
      const behind = gatherStreams(middle, blockWeights(b, il, 'ffn'))
      const input = namedNorm(b, behind.input, il, { name: 'ffn_norm' })
      const out = expertsAfterLeadingDense(b, input, il, { gating: headerGating(b) })
      x = shareOut(out, middle, behind.shares)
    }
    const wanted = getRows(reshape(x, width * streams, b.tokens), b.outputIds)
    outputHead(b, collapseStreams(reshape(wanted, width, streams, wanted.ne[1]), headWeights(b)))
  },
}
