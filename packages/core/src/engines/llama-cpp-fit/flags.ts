import type { Run } from '../../memory/run.ts'
import { HOST, type PlaceIndex, type RunLayout } from '../../memory/run-memory.ts'
import { layersByFlags } from '../../placement/split.ts'
import type { FitDevice } from './fit-result.ts'

/** Buffer types by the names that `--override-tensor` takes. */
export type FitBuffer = 'CPU' | `CUDA${number}`

export interface FitOverride {
  readonly pattern: string
  readonly buffer: FitBuffer
}

/** The flags that the fit decides. */
export interface PlacementFlags {
  /** -1 for all layers. */
  readonly gpuLayers: number
  /** All zeros stand for the free memory of the devices. */
  readonly tensorSplit: readonly number[]
  readonly overrides: readonly FitOverride[]
}

const placeOf = (buffer: FitBuffer): PlaceIndex => (buffer === 'CPU' ? HOST : Number(buffer.slice('CUDA'.length)))

/** What llama.cpp makes of the flags on these devices; the overrides of the run itself come first. */
export function layoutByFlags(run: Run, devices: readonly FitDevice[], flags: PlacementFlags): RunLayout {
  const given = flags.tensorSplit.some((share) => share !== 0)
  return {
    splitMode: run.settings.splitMode,
    deviceCount: devices.length,
    layers: layersByFlags({
      layerCount: run.model.blockCount + 1,
      gpuLayers: flags.gpuLayers,
      shares: given ? flags.tensorSplit : devices.map(({ free }) => free),
      deviceCount: devices.length,
    }),
    overrides: [
      ...run.layout.overrides,
      ...flags.overrides.map(({ pattern, buffer }) => ({ pattern, place: placeOf(buffer) })),
    ],
    tensorSplit: given ? flags.tensorSplit : [],
  }
}
