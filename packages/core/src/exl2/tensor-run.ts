import { type Bytes, bytes } from '../units.ts'

/** So many tensors of one size, made one after the other: the same matrix of every expert, or a single one. */
export interface TensorRun {
  /** Of each. */
  readonly bytes: Bytes
  readonly count: number
}

export const oneTensor = (size: Bytes): TensorRun => ({ bytes: size, count: 1 })

export const runBytes = (runs: readonly TensorRun[]): Bytes =>
  bytes(runs.reduce((sum, run) => sum + run.count * run.bytes, 0))
