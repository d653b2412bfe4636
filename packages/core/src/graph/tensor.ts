import { GGML_TYPES, type GgmlType } from '../header/ggml-type.ts'

export type Op =
  | 'NONE'
  | 'VIEW'
  | 'RESHAPE'
  | 'PERMUTE'
  | 'TRANSPOSE'
  | 'ADD'
  | 'ADD_ID'
  | 'SUB'
  | 'MUL'
  | 'DIV'
  | 'SCALE'
  | 'SQR'
  | 'SQRT'
  | 'CLAMP'
  | 'FILL'
  | 'UNARY'
  | 'GLU'
  | 'NORM'
  | 'RMS_NORM'
  | 'L2_NORM'
  | 'SOFT_MAX'
  | 'ROPE'
  | 'FLASH_ATTN_EXT'
  | 'MUL_MAT'
  | 'MUL_MAT_ID'
  | 'GET_ROWS'
  | 'SET'
  | 'SET_ROWS'
  | 'CPY'
  | 'CONT'
  | 'CONCAT'
  | 'REPEAT'
  | 'PAD'
  | 'SUM_ROWS'
  | 'MEAN'
  | 'ARGSORT'
  | 'TOP_K'
  | 'ARANGE'
  | 'POOL_2D'
  | 'SSM_CONV'
  | 'SSM_SCAN'
  | 'GATED_DELTA_NET'
  | 'RWKV_WKV7'
  | 'LIGHTNING_INDEXER'

/** Elements (`ne`) or bytes (`nb`) per dimension, contiguous one first. */
export type Dims = readonly [number, number, number, number]

/** A backend by number: GPUs 0 … n-1, then the CPU as n. */
export type Backend = number
export const UNASSIGNED: Backend = -1

/**
 * A tensor with a shape and no data: what `struct ggml_tensor` is to the scheduler and the allocator.
 * Fields below the line change while a graph is split and allocated; one graph serves one replay.
 */
export interface GraphTensor {
  readonly op: Op
  readonly type: GgmlType
  readonly ne: Dims
  readonly nb: Dims
  readonly src: (GraphTensor | null)[]
  /** Root of a view chain: a view of a view points here, offsets added up. */
  readonly viewOf: GraphTensor | null
  readonly viewOffset: number
  /** What sets an operation apart from others of its name: UNARY's function ('silu', 'sigmoid' …), attention with ALiBi or what older builds convert (operations.ts), MUL_MAT_ID that reads F32 ('f32'). */
  readonly variant: string
  /** Where a preallocated tensor (weight, cache, state) lies; UNASSIGNED for all others. */
  readonly buffer: Backend
  readonly isWeight: boolean
  // ---------------------------------------------------------------
  input: boolean
  output: boolean
  backend: Backend
  /** Visited by `Graph.expand`. */
  visited: boolean
  /** Reference counts and place in an arena: `struct hash_node` of ggml-alloc.c. */
  children: number
  views: number
  owned: boolean
  arena: Backend
  offset: number
}

interface TensorParts {
  readonly op?: Op
  readonly src?: (GraphTensor | null)[]
  readonly viewOf?: GraphTensor | null
  readonly viewOffset?: number
  readonly nb?: Dims
  readonly variant?: string
  readonly buffer?: Backend
  readonly isWeight?: boolean
  readonly input?: boolean
}

/** Row-contiguous strides (`ggml_new_tensor_impl`). */
export function contiguousStrides(type: GgmlType, ne: Dims): Dims {
  const { blockElements, blockBytes } = GGML_TYPES[type]
  const row = blockBytes * Math.floor(ne[0] / blockElements)
  return [blockBytes, row, row * ne[1], row * ne[1] * ne[2]]
}

export function newTensor(type: GgmlType, ne: Dims, parts: TensorParts = {}): GraphTensor {
  const parent = parts.viewOf ?? null
  return {
    op: parts.op ?? 'NONE',
    type,
    ne,
    nb: parts.nb ?? contiguousStrides(type, ne),
    src: parts.src ?? [],
    viewOf: parent?.viewOf ?? parent,
    viewOffset: (parts.viewOffset ?? 0) + (parent?.viewOf ? parent.viewOffset : 0),
    variant: parts.variant ?? '',
    buffer: parts.buffer ?? UNASSIGNED,
    isWeight: parts.isWeight ?? false,
    input: parts.input ?? false,
    output: false,
    backend: UNASSIGNED,
    visited: false,
    children: 0,
    views: 0,
    owned: false,
    arena: UNASSIGNED,
    offset: 0,
  }
}

export const graphElements = ({ ne }: GraphTensor): number => ne[0] * ne[1] * ne[2] * ne[3]

/** `ggml_nbytes`, strides respected. */
export function graphBytes({ ne, nb, type }: GraphTensor): number {
  if (ne[0] <= 0 || ne[1] <= 0 || ne[2] <= 0 || ne[3] <= 0) return 0
  const { blockElements, blockBytes } = GGML_TYPES[type]
  const row = blockElements === 1 ? blockBytes + (ne[0] - 1) * nb[0] : Math.floor((ne[0] * nb[0]) / blockElements)
  return row + (ne[1] - 1) * nb[1] + (ne[2] - 1) * nb[2] + (ne[3] - 1) * nb[3]
}

/** `ggml_is_contiguous`. */
export function isContiguous({ ne, nb, type }: GraphTensor): boolean {
  const { blockElements, blockBytes } = GGML_TYPES[type]
  if (ne[0] !== blockElements && nb[0] !== blockBytes) return false
  let next = blockBytes * Math.floor(ne[0] / blockElements)
  for (const dimension of [1, 2, 3] as const) {
    if (ne[dimension] !== 1 && nb[dimension] !== next) return false
    next *= ne[dimension]
  }
  return true
}

export const sameDims = (a: Dims, b: Dims): boolean => a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
