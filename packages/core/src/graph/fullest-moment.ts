import type { Backend, GraphTensor } from './tensor.ts'

/** Hears where the allocator puts tensors and when it lets them go. */
export interface AllocationWitness {
  /** `bytes` are what the tensor holds of its arena, padding included; `mark` the arena's high-water mark by then. */
  readonly placed: (tensor: GraphTensor, bytes: number, mark: number) => void
  readonly freed: (tensor: GraphTensor) => void
  /** The scheduler reads `copy` on another backend in place of `original`. */
  readonly copied: (original: GraphTensor, copy: GraphTensor) => void
}

/** A tensor and the bytes it held. */
export interface Held {
  readonly tensor: GraphTensor
  readonly bytes: number
}

/** What was alive when one backend's buffer grew to its full size. */
export interface FullestMoment {
  readonly bufferBytes: number
  readonly held: readonly Held[]
}

export interface MomentRecorder extends AllocationWitness {
  readonly momentOf: (backend: Backend) => FullestMoment
  /** The tensor that `copy` is a copy of. */
  readonly originalOf: (copy: GraphTensor) => GraphTensor | undefined
}

const NOTHING: FullestMoment = { bufferBytes: 0, held: [] }

/** Keeps what is alive in every arena, and a copy of it each time an arena grows. */
export function recordMoments(): MomentRecorder {
  const alive = new Map<GraphTensor, number>()
  const moments = new Map<Backend, FullestMoment>()
  const originals = new Map<GraphTensor, GraphTensor>()
  return {
    placed: (tensor, bytes, mark) => {
      alive.set(tensor, bytes)
      if (mark <= (moments.get(tensor.arena)?.bufferBytes ?? 0)) return
      const held = [...alive].filter(([one]) => one.arena === tensor.arena)
      moments.set(tensor.arena, { bufferBytes: mark, held: held.map(([one, size]) => ({ tensor: one, bytes: size })) })
    },
    freed: (tensor) => void alive.delete(tensor),
    copied: (original, copy) => void originals.set(copy, original),
    momentOf: (backend) => moments.get(backend) ?? NOTHING,
    originalOf: (copy) => originals.get(copy),
  }
}
