import { type Bytes, bytes, gibibytes, GIB, mebibytes } from '../../units.ts'

/** Least memory of all GPUs together, and the `num_ctx` it is given; a gibibyte less than the cards' names say. */
const TIERS = [
  { from: gibibytes(47), numCtx: 262_144 },
  { from: gibibytes(23), numCtx: 32_768 },
  { from: bytes(0), numCtx: 4096 },
] as const

/** `num_ctx` where neither the model, the request nor OLLAMA_CONTEXT_LENGTH sets it: `Serve` of server/routes.go (0.15.5 on). */
export const defaultNumCtx = (totalMemory: Bytes): number =>
  (TIERS.find(({ from }) => totalMemory >= from) ?? TIERS[2]).numCtx

/** Up to here a CUDA card without flash attention is given the smallest batch. */
const CONSTRAINED_CARD = 8 * GIB

interface BatchRequest {
  /** All slots together. */
  readonly contextLength: number
  readonly predicted: Bytes
  readonly available: Bytes
  readonly flashAttention: boolean
  /** What each CUDA GPU has free; empty where there is none. */
  readonly cudaFree: readonly Bytes[]
}

/** Larger batches with what they are expected to add, and the share of the memory that the model may take for them. */
const LARGER = [
  { batch: 2048, aboveContext: 32_768, percent: 60, surcharge: gibibytes(2) },
  { batch: 1024, aboveContext: 4096, percent: 75, surcharge: mebibytes(768) },
] as const

const DEFAULT_BATCH = 512
const CONSTRAINED_BATCH = 256

/** `num_batch`, which is the ubatch too, where nothing sets it: `automaticGenerationBatch` of server/sched.go (0.30 on). */
export function automaticBatch(request: BatchRequest): number {
  const { contextLength, predicted, available, flashAttention, cudaFree } = request
  if (!flashAttention && cudaFree.length > 0) {
    const constrained = contextLength > 4096 && cudaFree.some((free) => free > 0 && free <= CONSTRAINED_CARD)
    return constrained ? CONSTRAINED_BATCH : DEFAULT_BATCH
  }
  const limit = percentOf(available, LOAD_PERCENT)
  const fitting = LARGER.find(
    ({ aboveContext, percent, surcharge }) =>
      contextLength > aboveContext &&
      // Nothing known to be free rules nothing out.
      (available === 0 || (predicted <= percentOf(available, percent) && predicted + surcharge <= limit)),
  )
  return fitting?.batch ?? DEFAULT_BATCH
}

/** What a model may be predicted to take of the memory it is loaded into. */
export const LOAD_PERCENT = 80

export const percentOf = (size: Bytes, percent: number): number => Math.floor((size * percent) / 100)
