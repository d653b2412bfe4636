import { estimateMemory } from '../../memory/estimate.ts'
import type { Model } from '../../model/model.ts'
import { type Bytes, bytes, sumBytes } from '../../units.ts'
import type { SeenDevice } from '../engine.ts'
import type { EarlierPlacement } from './choose-earlier.ts'
import type { GpuLayersEstimate, GpuParts } from './estimate-gpu-layers.ts'

/** One reason for part of the size that Ollama 0.6 shows. */
export interface EstimateTerm {
  readonly code: keyof GpuParts | 'overflow'
  readonly bytes: Bytes
  /** GPUs that are charged it; 0 for the overflow. */
  readonly gpus: number
}

/** What `ollama ps` prints of a model, taken apart. */
export interface EstimateAccount {
  /** Their sum is the size. */
  readonly terms: readonly EstimateTerm[]
  /** SIZE, before it is rounded down to whole GB. */
  readonly size: Bytes
  /** PROCESSOR: `45%/55% CPU/GPU` as its two figures, of which 0 and 100 are printed alone. */
  readonly cpuPercent: number
  readonly gpuPercent: number
}

const PARTS: readonly (keyof GpuParts)[] = ['weights', 'cache', 'output', 'graph', 'minimum', 'spareLayer', 'projector']

/** `ListRunningHandler` of cmd/cmd.go (Ollama 0.6): what is not VRAM counts as the processor's. Exact. */
export function estimateAccount({ gpus, overflow, total, vram }: GpuLayersEstimate): EstimateAccount {
  const terms = PARTS.map((code): EstimateTerm => {
    const charged = gpus.filter(({ parts }) => parts[code] > 0)
    return { code, bytes: sumBytes(charged.map(({ parts }) => parts[code])), gpus: charged.length }
  })
  const cpuPercent = total > 0 ? Math.round(((total - vram) / total) * 100) : 0
  return {
    terms: [...terms, { code: 'overflow' as const, bytes: overflow, gpus: 0 }].filter((term) => term.bytes > 0),
    size: total,
    cpuPercent,
    gpuPercent: 100 - cpuPercent,
  }
}

/** A GPU as Ollama 0.6 fills it, beside what the same layers take by llama.cpp's own allocation. */
export interface EstimatedGpu {
  readonly layers: number
  readonly free: Bytes
  /** What Ollama believes. */
  readonly estimated: Bytes
  /** Weights, cache and compute buffer, to the byte where the architecture is described. */
  readonly needed: Bytes
  /** Free and not needed. */
  readonly unused: Bytes
}

/** In the order of `devices`; those that Ollama does not use need nothing. */
export function estimatedAndNeeded(
  { schedule, choice }: EarlierPlacement,
  model: Model,
  devices: readonly SeenDevice[],
): readonly EstimatedGpu[] {
  const { settings, layout } = choice
  const memory = estimateMemory({ model, settings, layout })
  const { gpus, estimate } = schedule.chosen
  return devices.map(({ free }, position) => {
    const { layers = 0, bytes: estimated = bytes(0) } = estimate.gpus[gpus.indexOf(position)] ?? {}
    const needed = sumBytes(Object.values<Bytes>({ ...memory.devices[position]! }))
    return { layers, free, estimated, needed, unused: bytes(free - needed) }
  })
}
