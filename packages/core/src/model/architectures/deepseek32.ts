import { rowBytes } from '../../header/ggml-type.ts'
import { rotationSize, squareInput } from '../../graph/builder/inputs.ts'
import {
  add,
  cont,
  fill,
  inputTensor,
  mulMat,
  reshape,
  result,
  rope,
  scale,
  setRows,
  view2d,
  view4d,
} from '../../graph/operations.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import {
  eachBlock,
  blockTensor,
  cacheTensor,
  emit,
  type GraphBuilder,
  requiredTensor,
} from '../../graph/builder/builder.ts'
import { attendLatents, compressedQuery, latentHeads } from '../../graph/builder/latent-attention.ts'
import { expertsAfterLeadingDense } from '../../graph/builder/mixture.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { type GraphTensor, newTensor } from '../../graph/tensor.ts'
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

interface IndexerInputs {
  readonly indices: GraphTensor
  readonly mask: GraphTensor
  readonly rotation: GraphTensor
  readonly heads: number
  readonly size: number
  readonly topK: number
}

function indexerInputs(b: GraphBuilder): IndexerInputs {
  const number = (key: string): number => Number(b.model.hyperparameter(`attention.indexer.${key}`))
  const size = number('key_length')
  return {
    indices: inputTensor('i64', b.tokens),
    mask: inputTensor('f16', b.baseInputs.cells, b.tokens / b.streams, 1, b.streams),
    rotation: squareInput(rotationSize(size)),
    heads: number('head_count'),
    size,
    topK: number('top_k'),
  }
}

/** The lightning indexer: scores every cell for every token and keeps the best. */
function bestCells(
  b: GraphBuilder,
  inputs: IndexerInputs,
  { query, cur, il }: { query: GraphTensor; cur: GraphTensor; il: number },
): GraphTensor {
  const { heads, size, rotation } = inputs
  const { cells } = b.baseInputs
  const { streams } = b
  const type = b.settings.cacheTypeK
  const q = mulMat(
    rotation,
    rope(reshape(mulMat(requiredTensor(b, il, 'indexer.attn_q_b'), query), size, heads, b.tokens), b.positions),
  )
  const weights = { weight: blockTensor(b, il, 'indexer.k_norm'), bias: blockTensor(b, il, 'indexer.k_norm', 'bias') }
  const keyNormed = buildNorm(b, mulMat(requiredTensor(b, il, 'indexer.attn_k'), cur), weights, il, 'layer')
  const k = mulMat(rotation, rope(reshape(keyNormed, size, 1, b.tokens), b.positions))
  const cache = cacheTensor(b, 'indexer', il, { type, ne: [size, cells, streams, 1] })
  const destination = streams === 1 ? cache : reshape(cache, size, cells * streams)
  emit(b, setRows(destination, view2d(k, [size, b.tokens], k.nb[2]), inputs.indices))
  const row = rowBytes(type, size)
  const keys = view4d(cache, [size, 1, cells, streams], [row, row, row * cells])
  const perStream = view4d(q, [q.ne[0], q.ne[1], q.ne[2] / streams, streams], [q.nb[1], q.nb[2], q.nb[3] / streams])
  const flatWeights = mulMat(requiredTensor(b, il, 'indexer.proj'), cur)
  const { ne, nb } = flatWeights
  const headWeights = scale(
    view4d(flatWeights, [ne[0], ne[1] / streams, ne[2], streams], [nb[1], nb[2] / streams, nb[3] / streams]),
  )
  const scores = result(
    'LIGHTNING_INDEXER',
    'f32',
    [cells, perStream.ne[2], 1, streams],
    [perStream, keys, headWeights, inputs.mask],
  )
  return cont(
    result('TOP_K', 'i32', [Math.min(inputs.topK, cells), scores.ne[1], scores.ne[2], scores.ne[3]], [scores]),
  )
}

/** The mask that hides all but the chosen cells: everything masked, zeros written at the chosen, the causal mask added. */
function sparseMask(b: GraphBuilder, chosen: GraphTensor): GraphTensor {
  const { mask } = b.baseInputs
  const hidden = fill(mask)
  const elements = view4d(
    hidden,
    [1, hidden.ne[0], hidden.ne[1], hidden.ne[3]],
    [hidden.nb[0], hidden.nb[1], hidden.nb[2]],
  )
  const ids = view4d(
    chosen,
    [chosen.ne[0], chosen.ne[1], chosen.ne[3], 1],
    [chosen.nb[1], chosen.nb[2], chosen.ne[3] * chosen.nb[3]],
  )
  const zeros = fill(newTensor('f32', [1, ids.ne[0], ids.ne[1], ids.ne[2]]))
  const opened = setRows(elements, zeros, ids)
  const shaped = view4d(
    opened,
    [opened.ne[1], opened.ne[2], 1, opened.ne[3]],
    [opened.nb[2], opened.nb[3], opened.nb[3]],
  )
  return add(shaped, mask)
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
    const inputs = indexerInputs(b)
    let chosen: GraphTensor | undefined
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const query = compressedQuery(b, normed, il)!
      if (!chosen || ranksCells(b.model, il)) chosen = bestCells(b, inputs, { query, cur: normed, il })
      const latents = latentHeads(b, mulMat(requiredTensor(b, il, 'attn_q_b'), query), normed, il)
      for (const tensor of [latents.q, latents.latent, latents.k]) emit(b, tensor)
      const [attended, residual] = gatherOutputs(b, il, attendLatents(b, latents, il, sparseMask(b, chosen)), x)
      const middle = add(attended, residual)
      x = add(
        expertsAfterLeadingDense(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il, { gating: 'sigmoid' }),
        middle,
      )
    }
    outputHead(b, x)
  },
}
