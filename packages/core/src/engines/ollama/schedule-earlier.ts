import {
  estimateGpuLayers,
  type EstimateRequest,
  type GpuLayersEstimate,
  type OllamaGpu,
} from './estimate-gpu-layers.ts'
import type { OllamaFacts } from './gguf-facts.ts'

/** `defaultParallel` of server/sched.go: slots that are tried first where OLLAMA_NUM_PARALLEL says nothing. */
const AUTOMATIC_PARALLEL = [4, 1] as const

export interface EarlierRequest extends Omit<EstimateRequest, 'contextLength' | 'parallel'> {
  /** Of one slot. */
  readonly numCtx: number
  /** OLLAMA_NUM_PARALLEL; absent leaves it to Ollama. */
  readonly parallel?: number
  /** OLLAMA_SCHED_SPREAD: no GPU is tried alone. */
  readonly spread?: boolean
}

/** One question that the scheduler asked its estimator, and the answer. */
export interface EarlierAttempt {
  /** Positions among the GPUs that Ollama found, in the order in which they were tried. */
  readonly gpus: readonly number[]
  readonly parallel: number
  readonly estimate: GpuLayersEstimate
  /** All layers, or as many as `num_gpu` asks for, have room. */
  readonly fits: boolean
}

export interface EarlierSchedule {
  /** In the order they were asked; the last is what is run. */
  readonly attempts: readonly EarlierAttempt[]
  readonly chosen: EarlierAttempt
}

/**
 * On which GPUs Ollama 0.6 runs a model when none is loaded: `pickBestFullFitByLibrary` and `pickBestPartialFitByLibrary` of
 * server/sched.go, for GPUs of one library. Every GPU alone, the roomiest first, with four slots and then with one; then all
 * of them together; and where not all layers have room, all of them as they were found, with one slot. Exact.
 */
export function scheduleEarlier(
  facts: OllamaFacts,
  gpus: readonly OllamaGpu[],
  request: EarlierRequest,
): EarlierSchedule {
  const attempts: EarlierAttempt[] = []
  const attempt = (positions: readonly number[], parallel: number): EarlierAttempt => {
    const chosen = positions.map((position) => gpus[position]!)
    const contextLength = request.numCtx * parallel
    const estimate = estimateGpuLayers(facts, chosen, { ...request, contextLength, parallel })
    const wanted = request.numGpu < 0 ? facts.blockCount + 1 : request.numGpu
    const made = { gpus: positions, parallel, estimate, fits: estimate.layers > 0 && estimate.layers >= wanted }
    attempts.push(made)
    return made
  }
  const found = gpus.map((_, position) => position)
  const roomiest = found.toSorted((left, right) => gpus[right]!.free - gpus[left]!.free)
  const parallels = request.parallel === undefined ? AUTOMATIC_PARALLEL : [request.parallel]
  const alone = request.spread ? [] : roomiest.map((position) => [position])
  for (const sets of [alone, [roomiest]]) {
    for (const parallel of parallels) {
      for (const positions of sets) {
        const made = attempt(positions, parallel)
        if (made.fits) return { attempts, chosen: made }
      }
    }
  }
  return { attempts, chosen: attempt(found, request.parallel ?? 1) }
}
