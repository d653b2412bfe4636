import type { Model } from '../../model/model.ts'
import { type Bytes, bytes } from '../../units.ts'

/** What Ollama expects a model to take, with the numbers it multiplies. */
export interface PredictedVram {
  readonly weights: Bytes
  readonly cache: Bytes
  readonly total: Bytes
  readonly blocks: number
  readonly headsKv: number
  readonly headLength: number
  /** All slots together. */
  readonly contextLength: number
}

/**
 * `PredictServerVRAM` of llm/llama_server.go (0.30 on): the file and a cache of f16 whose every block has the fewest KV heads of
 * any. It knows no window, latent, state, cache type, compute buffer or projector. Exact but for the file's own header, some
 * megabytes, which Berth does not count to a model.
 */
export function predictVram(model: Model, contextLength: number): PredictedVram {
  const headsKv = Math.min(...model.headCountKv) || 1
  const heads = Math.max(...model.headCount)
  const headLength = heads > 0 ? Math.floor(model.embeddingLength / heads) : 0
  const cache = bytes(2 * model.blockCount * headsKv * headLength * contextLength * 2)
  return {
    ...{ weights: model.weightBytes, cache, total: bytes(model.weightBytes + cache) },
    ...{ blocks: model.blockCount, headsKv, headLength, contextLength },
  }
}
