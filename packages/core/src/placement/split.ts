import { HOST, type PlaceIndex } from '../memory/run-memory.ts'

export interface LayerFlags {
  /** Blocks plus the output layer. */
  readonly layerCount: number
  /** `-ngl`; negative means all layers. */
  readonly gpuLayers: number
  /** `-ts`, or what each device reports free at load where the user gave none. Any unit; only ratios count. */
  readonly shares: readonly number[]
  readonly deviceCount: number
}

/**
 * Which layer lies where: `llama_model_base::load_tensors` of llama.cpp 0.5.0-dev. Exact.
 * Cumulated shares are normalised in float32 and searched by `std::upper_bound`; the rounding decides ties, so it is kept.
 */
export function layersByFlags({ layerCount, gpuLayers, shares, deviceCount }: LayerFlags): readonly PlaceIndex[] {
  const offloaded = gpuLayers < 0 ? layerCount : Math.min(gpuLayers, layerCount)
  const firstOffloaded = Math.max(layerCount - (gpuLayers < 0 ? layerCount : gpuLayers), 0)
  const bounds = normalisedBounds(shares, deviceCount)
  return Array.from({ length: layerCount }, (_, layer) => {
    if (deviceCount === 0 || layer < firstOffloaded || layer - firstOffloaded >= offloaded) return HOST
    const position = Math.fround(Math.fround(layer - firstOffloaded) / offloaded)
    return Math.min(upperBound(bounds, position), deviceCount - 1)
  })
}

function normalisedBounds(shares: readonly number[], deviceCount: number): readonly number[] {
  const cumulated: number[] = []
  let sum = 0
  for (let device = 0; device < deviceCount; device++) {
    sum = Math.fround(sum + Math.fround(shares[device] ?? 0))
    cumulated.push(sum)
  }
  return cumulated.map((bound) => Math.fround(bound / sum))
}

/** First index whose bound is greater than `position`. */
function upperBound(bounds: readonly number[], position: number): number {
  const found = bounds.findIndex((bound) => bound > position)
  return found === -1 ? bounds.length : found
}
