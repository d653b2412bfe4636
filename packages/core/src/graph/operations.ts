import type { GgmlType } from '../header/ggml-type.ts'
import { type Dims, graphElements, type GraphTensor, newTensor, type Op } from './tensor.ts'

/** Shape rules of ggml's operations (ggml.c, ggml 0.25.1): the names are `ggml_*`, the arguments those that shape the result. */

const dims = (ne: readonly number[]): Dims => [ne[0] ?? 1, ne[1] ?? 1, ne[2] ?? 1, ne[3] ?? 1]

export const inputTensor = (type: GgmlType, ...ne: readonly number[]): GraphTensor =>
  newTensor(type, dims(ne), { input: true })

export const result = (op: Op, type: GgmlType, ne: readonly number[], src: (GraphTensor | null)[]): GraphTensor =>
  newTensor(type, dims(ne), { op, src })

/** An operation whose result has the shape of its first operand. */
const like = (op: Op, a: GraphTensor, ...rest: (GraphTensor | null)[]): GraphTensor =>
  newTensor(a.type, a.ne, { op, src: [a, ...rest] })

export const mulMat = (a: GraphTensor, b: GraphTensor): GraphTensor =>
  result('MUL_MAT', 'f32', [a.ne[1], b.ne[1], b.ne[2], b.ne[3]], [a, b])
export const mulMatId = (a: GraphTensor, b: GraphTensor, ids: GraphTensor, fullPrecision = false): GraphTensor =>
  newTensor('f32', [a.ne[1], ids.ne[0], b.ne[2], 1], {
    op: 'MUL_MAT_ID',
    src: [a, b, ids],
    variant: fullPrecision ? 'f32' : '',
  })

export const add = (a: GraphTensor, b: GraphTensor): GraphTensor => like('ADD', a, b)
export const sub = (a: GraphTensor, b: GraphTensor): GraphTensor => like('SUB', a, b)
export const mul = (a: GraphTensor, b: GraphTensor): GraphTensor => like('MUL', a, b)
export const div = (a: GraphTensor, b: GraphTensor): GraphTensor => like('DIV', a, b)
export const addId = (a: GraphTensor, b: GraphTensor, ids: GraphTensor): GraphTensor => like('ADD_ID', a, b, ids)
export const scale = (a: GraphTensor): GraphTensor => like('SCALE', a)
export const sqr = (a: GraphTensor): GraphTensor => like('SQR', a)
export const sqrt = (a: GraphTensor): GraphTensor => like('SQRT', a)
export const clamp = (a: GraphTensor): GraphTensor => like('CLAMP', a)
export const fill = (a: GraphTensor): GraphTensor => like('FILL', a)
export const norm = (a: GraphTensor): GraphTensor => like('NORM', a)
export const rmsNorm = (a: GraphTensor): GraphTensor => like('RMS_NORM', a)
export const l2Norm = (a: GraphTensor): GraphTensor => like('L2_NORM', a)
export const rope = (a: GraphTensor, positions: GraphTensor, factors?: GraphTensor): GraphTensor =>
  factors ? like('ROPE', a, positions, factors) : like('ROPE', a, positions)
export const unary = (a: GraphTensor, variant: string): GraphTensor =>
  newTensor(a.type, a.ne, { op: 'UNARY', src: [a], variant })

/** `ggml_glu_split` with `b`, `ggml_glu` (one tensor holding both halves) without. */
export const glu = (a: GraphTensor, b?: GraphTensor): GraphTensor =>
  b ? like('GLU', a, b) : result('GLU', a.type, [Math.floor(a.ne[0] / 2), a.ne[1], a.ne[2], a.ne[3]], [a])

export const softMax = (a: GraphTensor, mask?: GraphTensor, sinks?: GraphTensor): GraphTensor => {
  if (sinks) return like('SOFT_MAX', a, mask ?? null, sinks)
  return mask ? like('SOFT_MAX', a, mask) : like('SOFT_MAX', a)
}

/** Variant of an attention that asks for no scratch behind its result. */
export const CONVERTS_IN_POOL = 'pool'
/** Variant of an attention with linear biases. One operation may be both. */
export const ALIBI = 'alibi'

export interface FlashAttentionOperands {
  readonly q: GraphTensor
  readonly k: GraphTensor
  readonly v: GraphTensor
  readonly mask: GraphTensor
  readonly sinks?: GraphTensor | undefined
  /** Older builds convert a quantized cache in the pool instead of behind the result. */
  readonly convertsInPool?: boolean
  /** Attention with linear biases (`max_bias` above 0): fewer kernels group heads then. */
  readonly alibi?: boolean | undefined
}

export const flashAttn = ({ q, k, v, mask, sinks, convertsInPool, alibi }: FlashAttentionOperands): GraphTensor =>
  newTensor('f32', dims([v.ne[0], q.ne[2], q.ne[1], q.ne[3]]), {
    op: 'FLASH_ATTN_EXT',
    src: sinks ? [q, k, v, mask, sinks] : [q, k, v, mask],
    variant: [convertsInPool ? CONVERTS_IN_POOL : '', alibi ? ALIBI : ''].join(''),
  })

export const getRows = (a: GraphTensor, rows: GraphTensor): GraphTensor =>
  result('GET_ROWS', a.type === 'i32' ? 'i32' : 'f32', [a.ne[0], rows.ne[0], rows.ne[1], rows.ne[2]], [a, rows])

/** The result is a view of the destination. */
export const setRows = (destination: GraphTensor, values: GraphTensor, rows: GraphTensor): GraphTensor =>
  newTensor(destination.type, destination.ne, {
    op: 'SET_ROWS',
    src: [values, rows, destination],
    viewOf: destination,
    nb: destination.nb,
  })

export const cpy = (a: GraphTensor, destination: GraphTensor): GraphTensor =>
  newTensor(destination.type, destination.ne, {
    op: 'CPY',
    src: [a, destination],
    viewOf: destination,
    nb: destination.nb,
  })

/** `ggml_cast`: a copy of another type in a tensor of its own. */
export const cast = (a: GraphTensor, type: GgmlType): GraphTensor => result('CPY', type, a.ne, [a])

/** The result is a view of the first operand. */
export const addInplace = (a: GraphTensor, b: GraphTensor): GraphTensor =>
  newTensor(a.type, a.ne, { op: 'ADD', src: [a, b], viewOf: a, nb: a.nb })

export const arange = (count: number): GraphTensor => result('ARANGE', 'f32', [count], [])

/** `ggml_pool_2d` over runs of `run` elements of a row. */
export const poolRows = (a: GraphTensor, run: number): GraphTensor =>
  result('POOL_2D', 'f32', [Math.floor((a.ne[0] - run) / run) + 1, a.ne[1], a.ne[2], a.ne[3]], [a])

export const scaleInplace = (a: GraphTensor): GraphTensor =>
  newTensor(a.type, a.ne, { op: 'SCALE', src: [a], viewOf: a, nb: a.nb })

export const cont = (a: GraphTensor, ...ne: readonly number[]): GraphTensor =>
  result('CONT', a.type, ne.length > 0 ? ne : a.ne, [a])
export const padded = (a: GraphTensor, ...ne: readonly number[]): GraphTensor => result('PAD', a.type, ne, [a])
export const repeat4d = (a: GraphTensor, ...ne: readonly number[]): GraphTensor => result('REPEAT', a.type, ne, [a])

export function concat(a: GraphTensor, b: GraphTensor, dimension: 0 | 1 | 2): GraphTensor {
  const ne = [...a.ne]
  ne[dimension]! += b.ne[dimension]
  return result('CONCAT', a.type, ne, [a, b])
}

export const sumRows = (a: GraphTensor): GraphTensor => result('SUM_ROWS', 'f32', [1, a.ne[1], a.ne[2], a.ne[3]], [a])
export const mean = (a: GraphTensor): GraphTensor => result('MEAN', 'f32', [1, a.ne[1], a.ne[2], a.ne[3]], [a])

/** `ggml_argsort_top_k`: the full order is computed, the first `k` are a view of it. */
export const argsortTopK = (a: GraphTensor, k: number): GraphTensor => {
  const order = result('ARGSORT', 'i32', a.ne, [a])
  return view4d(order, [k, order.ne[1], order.ne[2], order.ne[3]], [order.nb[1], order.nb[2], order.nb[3]])
}

const viewTensor = (a: GraphTensor, ne: Dims, nb: Dims, viewOffset: number): GraphTensor =>
  newTensor(a.type, ne, { op: 'VIEW', src: [a], viewOf: a, nb, viewOffset })

export const view1d = (a: GraphTensor, ne0: number, offset = 0): GraphTensor => {
  const size = a.nb[0] * ne0
  return viewTensor(a, [ne0, 1, 1, 1], [a.nb[0], size, size, size], offset)
}

export const view2d = (a: GraphTensor, ne: readonly [number, number], nb1: number, offset = 0): GraphTensor =>
  viewTensor(a, [ne[0], ne[1], 1, 1], [a.nb[0], nb1, nb1 * ne[1], nb1 * ne[1]], offset)

export const view3d = (
  a: GraphTensor,
  ne: readonly [number, number, number],
  nb: readonly [number, number],
  offset = 0,
): GraphTensor => viewTensor(a, [ne[0], ne[1], ne[2], 1], [a.nb[0], nb[0], nb[1], nb[1] * ne[2]], offset)

export const view4d = (a: GraphTensor, ne: Dims, nb: readonly [number, number, number], offset = 0): GraphTensor =>
  viewTensor(a, ne, [a.nb[0], nb[0], nb[1], nb[2]], offset)

export const reshape = (a: GraphTensor, ...ne: readonly number[]): GraphTensor =>
  newTensor(a.type, dims(ne), { op: 'RESHAPE', src: [a], viewOf: a })

/** Flattens to rows of `ne0`. */
export const reshapeRows = (a: GraphTensor, ne0: number): GraphTensor => reshape(a, ne0, graphElements(a) / ne0)

export function permute(a: GraphTensor, ...axes: Dims): GraphTensor {
  const ne: [number, number, number, number] = [1, 1, 1, 1]
  const nb: [number, number, number, number] = [0, 0, 0, 0]
  axes.forEach((axis, from) => {
    ne[axis] = a.ne[from]!
    nb[axis] = a.nb[from]!
  })
  return newTensor(a.type, ne, { op: 'PERMUTE', src: [a], viewOf: a, nb })
}

export const transpose = (a: GraphTensor): GraphTensor =>
  newTensor(a.type, [a.ne[1], a.ne[0], a.ne[2], a.ne[3]], {
    op: 'TRANSPOSE',
    src: [a],
    viewOf: a,
    nb: [a.nb[1], a.nb[0], a.nb[2], a.nb[3]],
  })
