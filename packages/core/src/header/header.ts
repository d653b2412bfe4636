import { type Bytes, bytes } from '../units.ts'
import { GGML_TYPES, type GgmlType } from './ggml-type.ts'

/** u64 and i64 arrive as numbers; the reader refuses what does not fit 2^53. */
export type HeaderScalar = string | number | boolean
export type HeaderValue = HeaderScalar | readonly HeaderScalar[]

/** One tensor as the file lists it. `shape` is ggml's `ne`: the contiguous dimension first, 1 to 4 long. */
export interface TensorInfo {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: GgmlType
}

/** What a GGUF file (all its shards together) says about itself, as plain data that survives JSON. */
export interface GgufHeader {
  readonly metadata: Readonly<Record<string, HeaderValue>>
  /** True lengths of arrays that the reader left out as too long to keep (tokenizer tables). */
  readonly trimmedArrayLengths: Readonly<Record<string, number>>
  readonly tensors: readonly TensorInfo[]
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** `ggml_nbytes` of a contiguous tensor. Exact. */
export const tensorBytes = (tensor: TensorInfo): Bytes => {
  const { blockElements, blockBytes } = GGML_TYPES[tensor.type]
  return bytes((elementCount(tensor.shape) / blockElements) * blockBytes)
}
