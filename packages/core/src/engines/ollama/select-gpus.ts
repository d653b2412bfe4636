import { type Bytes, bytes } from '../../units.ts'
import type { SeenDevice } from '../engine.ts'
import { LOAD_PERCENT, percentOf } from './automatic-settings.ts'

/** Which GPUs a model is loaded on. Positions are those among the GPUs that Ollama found. */
export interface GpuSelection {
  readonly gpus: readonly number[]
  /** one-gpu: predicted to fit there. group: all of the library with most free memory. only: there is no choice. */
  readonly because: 'one-gpu' | 'group' | 'only'
  /** What these have free together. */
  readonly available: Bytes
  /** What the model was compared with: 80 % of the roomiest single GPU. */
  readonly singleLimit: Bytes
}

interface SelectOptions {
  /** OLLAMA_SCHED_SPREAD: no GPU is taken alone. */
  readonly spread: boolean
}

/**
 * `selectLlamaServerPlacement` of server/sched.go (0.30 on). The first of equal GPUs or groups wins; one with memory of its
 * own before one that shares the host's. Exact where no GPU shares the host's memory.
 */
export function selectGpus(devices: readonly SeenDevice[], predicted: Bytes, { spread }: SelectOptions): GpuSelection {
  const found = devices.map((_, position) => position)
  const roomiest = Math.max(0, ...devices.map(({ free }) => free))
  const singleLimit = bytes(percentOf(bytes(roomiest), LOAD_PERCENT))
  const selected = (gpus: readonly number[], because: GpuSelection['because']): GpuSelection => {
    const available = bytes(gpus.reduce((sum, gpu) => sum + devices[gpu]!.free, 0))
    return { gpus, because, available, singleLimit }
  }
  if (devices.length <= 1) return selected(found, 'only')
  const holders = spread ? [] : found.filter((gpu) => predicted <= percentOf(devices[gpu]!.free, LOAD_PERCENT))
  const best = roomiestOf(
    holders.map((gpu) => [gpu]),
    devices,
  )
  if (best) return selected(best, 'one-gpu')
  const libraries = [...new Set(devices.map(({ device }) => device.backend))]
  const groups = libraries.map((library) => found.filter((gpu) => devices[gpu]!.device.backend === library))
  return selected(roomiestOf(groups, devices) ?? found, 'group')
}

function roomiestOf(
  groups: readonly (readonly number[])[],
  devices: readonly SeenDevice[],
): readonly number[] | undefined {
  const rankOf = (group: readonly number[]): readonly [discrete: number, free: number] => [
    group.some((gpu) => !devices[gpu]!.device.unified) ? 1 : 0,
    group.reduce((sum, gpu) => sum + devices[gpu]!.free, 0),
  ]
  return groups.toSorted((left, right) => {
    const [leftDiscrete, leftFree] = rankOf(left)
    const [rightDiscrete, rightFree] = rankOf(right)
    return rightDiscrete - leftDiscrete || rightFree - leftFree
  })[0]
}
