import { rowBytes } from '../../header/ggml-type.ts'
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
} from '../operations.ts'
import { type GraphTensor, newTensor } from '../tensor.ts'
import { blockTensor, cacheTensor, emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { rotationSize, squareInput } from './inputs.ts'
import { buildNorm } from './norm.ts'

/** DeepSeek sparse attention: an indexer with keys of its own chooses the cells that a block attends to. */

export interface IndexerInputs {
  readonly indices: GraphTensor
  readonly mask: GraphTensor
  /** Hadamard matrix that queries and keys are multiplied with; absent where the architecture leaves it out. */
  readonly rotation: GraphTensor | undefined
  readonly heads: number
  readonly size: number
  readonly topK: number
}

export function indexerInputs(b: GraphBuilder, options: { readonly rotated: boolean }): IndexerInputs {
  const number = (key: string): number => Number(b.model.hyperparameter(`attention.indexer.${key}`))
  const size = number('key_length')
  return {
    indices: inputTensor('i64', b.tokens),
    mask: inputTensor('f16', b.baseInputs.cells, b.tokens / b.streams, 1, b.streams),
    rotation: options.rotated ? squareInput(rotationSize(size)) : undefined,
    heads: number('head_count'),
    size,
    topK: number('top_k'),
  }
}

/** The lightning indexer: scores every cell for every token and keeps the best. */
export function bestCells(
  b: GraphBuilder,
  inputs: IndexerInputs,
  { query, cur, il }: { query: GraphTensor; cur: GraphTensor; il: number },
): GraphTensor {
  const { heads, size, rotation } = inputs
  const { cells } = b.baseInputs
  const { streams } = b
  const type = b.settings.cacheTypeK
  const rotated = (x: GraphTensor): GraphTensor => (rotation ? mulMat(rotation, x) : x)
  const flatQuery = mulMat(requiredTensor(b, il, 'indexer.attn_q_b'), query)
  const q = rotated(rope(reshape(flatQuery, size, heads, b.tokens), b.positions))
  const weights = { weight: blockTensor(b, il, 'indexer.k_norm'), bias: blockTensor(b, il, 'indexer.k_norm', 'bias') }
  const keyNormed = buildNorm(b, mulMat(requiredTensor(b, il, 'indexer.attn_k'), cur), weights, il, 'layer')
  const k = rotated(rope(reshape(keyNormed, size, 1, b.tokens), b.positions))
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
export function sparseMask(b: GraphBuilder, chosen: GraphTensor): GraphTensor {
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
