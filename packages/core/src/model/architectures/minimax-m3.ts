import { attentionContext } from '../../context/attention.ts'
import {
  attention,
  cacheViews,
  type Heads,
  kvCache,
  outputProjection,
  rotated,
  storeKeys,
  storeValues,
} from '../../graph/builder/attention.ts'
import { sparseAttention, sparseInputs, type SparseInputs } from '../../graph/builder/block-sparse.ts'
import { cacheTensor, eachBlock, emit, type GraphBuilder, requiredTensor } from '../../graph/builder/builder.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { expertsAfterLeadingDense, headerGating } from '../../graph/builder/mixture.ts'
import { rotaryPositions } from '../../graph/builder/qkv.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, inputTensor, mulMat, reshape, view4d } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { rowBytes } from '../../header/ggml-type.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads({ withoutFactors: true })

const keySize = (model: ModelShape): number => Number(model.hyperparameter('attention.indexer.key_length') ?? 0)

/** The leading dense blocks attend to everything. */
const hasIndexer = (model: ModelShape, il: number): boolean =>
  il >= Number(model.hyperparameter('leading_dense_block_count') ?? 0)

interface Indexer extends SparseInputs {
  readonly indices: GraphTensor
}

/** Sparse attention needs flash attention, and a stream a sequence; else every block attends to everything. */
function indexerOf(b: GraphBuilder): Indexer | undefined {
  const isSparse = b.flashAttention && (b.shape.sequences === 1 || !b.settings.kvUnified)
  return isSparse ? { ...sparseInputs(b), indices: inputTensor('i64', b.tokens) } : undefined
}

/** The indexer's part `name`, cut into heads, normalised and rotated. */
function indexPart(b: GraphBuilder, cur: GraphTensor, il: number, name: 'q' | 'k'): GraphTensor {
  const size = keySize(b.model)
  const flat = mulMat(requiredTensor(b, il, `indexer.${name}_proj`), cur)
  const cut = reshape(flat, size, flat.ne[0] / size, b.tokens)
  return rotaryPositions(b, namedNorm(b, cut, il, { name: `indexer.${name}_norm` }))
}

function storedIndex(b: GraphBuilder, key: GraphTensor, il: number, indices: GraphTensor): GraphTensor {
  const inputs = b.baseInputs
  const { cells } = inputs
  const [size, type] = [key.ne[0], b.settings.cacheTypeK]
  const cache = cacheTensor(b, 'indexer', il, { type, ne: [size, cells, b.streams, 1] })
  storeKeys(b, key, cache, { ...inputs, keyIndices: indices })
  const row = rowBytes(type, size)
  return view4d(cache, [size, 1, cells, b.streams], [row, row, row * cells])
}

function sparse(b: GraphBuilder, cur: GraphTensor, own: Heads, at: { il: number; indexer: Indexer }): GraphTensor {
  const { il, indexer } = at
  const inputs = b.baseInputs
  const indexQuery = indexPart(b, cur, il, 'q')
  const indexKeys = storedIndex(b, indexPart(b, cur, il, 'k'), il, indexer.indices)
  const q = rotated(own.q, inputs.keyRotation)
  const k = rotated(own.k, inputs.keyRotation)
  const v = rotated(own.v, inputs.valueRotation)
  for (const tensor of [q, k, v]) emit(b, tensor)
  const cache = kvCache(b, il, inputs)
  storeKeys(b, k, cache.keys, inputs)
  storeValues(b, v, cache.values, inputs)
  const shape = { keySize: k.ne[0], valueSize: v.ne[0], heads: k.ne[1] }
  const { keys, values } = cacheViews(b, cache, shape, inputs)
  const attended = sparseAttention(b, indexer, { q, k: keys, v: values, indexQuery, indexKeys })
  return outputProjection(b, rotated(attended, inputs.valueRotation), il, undefined)
}

/** src/models/minimax-m3.cpp: leading dense blocks, then experts, and attention to the runs that an indexer chooses. */
export const minimaxM3: Architecture = {
  names: ['minimax-m3'],
  blockContext: (model, il) => {
    const context = attentionContext(model, il)
    if (context.kind !== 'attention' || !hasIndexer(model, il)) return context
    return { ...context, indexer: { keyWidth: keySize(model), valueWidth: model.valueLength } }
  },
  graph: (b, { cur }) => {
    const indexer = indexerOf(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const own = heads(b, normed, il)
      const attended =
        indexer && hasIndexer(b.model, il) ? sparse(b, normed, own, { il, indexer }) : attention(b, own, il)
      const [out, residual] = gatherOutputs(b, il, attended, x)
      const middle = add(out, residual)
      const input = namedNorm(b, middle, il, { name: 'ffn_norm' })
      x = add(expertsAfterLeadingDense(b, input, il, { gating: headerGating(b) }), middle)
    }
    outputHead(b, x)
  },
}
