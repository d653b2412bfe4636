import { type Bytes, bytes, GIB, type Tokens } from '../units.ts'

/** What `autoset_gpu_layers` knows of a model and of the GPUs. */
export interface EstimateInput {
  /** Of the GPU with the least, whole MiB as nvidia-smi prints it. */
  readonly memoryTotal: Bytes
  readonly memoryFree: Bytes
  readonly fileSize: Bytes
  /** `--contextsize`. */
  readonly contextSize: Tokens
  readonly batchSize: Tokens
  readonly blockCount: number
  /** `attention.head_count_kv` of the header where that is one number, else 0. */
  readonly headCountKv: number
  /** The larger of `attention.key_length` and `attention.value_length`; 0 where the header has neither. */
  readonly headLength: number
}

/** The estimate with all it is made of. */
export interface LayerEstimate {
  readonly input: EstimateInput
  readonly used: Bytes
  /** Kept free for everything that is not counted. */
  readonly reserved: Bytes
  /** What the file's size is multiplied by for this context. */
  readonly contextFactor: number
  /** Taken for compute buffers and for the cache by the second of two rules; absent where the header gives no heads. */
  readonly compute?: number
  readonly cache?: number
  /** Share of the blocks that each rule lets on the GPU; the larger counts. */
  readonly shareByFile: number
  readonly shareByCache?: number
  /** What `--gpulayers -1` becomes. */
  readonly layers: number
}

/** Below this a file is no model to it. */
const LEAST_FILE = 10 * 1024 ** 2
/** A head of unknown length. */
const HEAD_LENGTH = 128
/** Fewer are not worth it. */
const MOST_IGNORED = 2

function contextFactor(contextSize: number): number {
  if (contextSize >= 8192) return contextSize / 4096
  if (contextSize > 4096) return 1.8
  return contextSize > 2048 ? 1.2 : 1
}

/**
 * `autoset_gpu_layers` of KoboldCpp (1.102 to 1.113.2) for a text model alone, term by term. Exact in its arithmetic. It
 * takes several GPUs for one of the smallest, and knows neither the cache's type nor flash attention.
 */
export function estimateLayers(input: EstimateInput): LayerEstimate {
  const { memoryTotal, memoryFree, fileSize, contextSize, batchSize, blockCount, headCountKv } = input
  const used = memoryFree > 0 ? memoryTotal - memoryFree : 0
  const reserved = Math.max(1.25 * GIB, 0.5 * GIB + used)
  const factor = contextFactor(contextSize)
  const batchFactor = batchSize <= 512 ? 1 : 1.2
  const shareByFile = (memoryTotal - used) / (fileSize * factor * 1.6 * batchFactor)
  const rows = (input.headLength || HEAD_LENGTH) * contextSize
  const compute = blockCount * (batchSize <= 512 ? 4 : batchSize / 128) * rows * 4 * 1.45
  const cache = blockCount * headCountKv * rows * 4 * 1.15
  const shareByCache = (memoryTotal - reserved - compute) / (fileSize + cache)
  const byHeads = headCountKv > 0 ? { compute, cache, shareByCache } : {}
  const share = headCountKv > 0 ? Math.max(shareByFile, shareByCache) : shareByFile
  const layers = fileSize > LEAST_FILE ? Math.min(Math.trunc(share * blockCount), blockCount + 1) : 0
  return {
    ...{ input, used: bytes(used), reserved: bytes(reserved), contextFactor: factor, shareByFile },
    ...byHeads,
    layers: layers <= MOST_IGNORED ? 0 : layers,
  }
}
