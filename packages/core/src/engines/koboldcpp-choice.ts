import { memoryForEngine } from '../machine/memory-total.ts'
import { driverContext } from '../memory/driver-context.ts'
import type { Run } from '../memory/run.ts'
import type { RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { bytes, type Bytes, mebibytes, MIB, tokens } from '../units.ts'
import type { OpenRun, OwnChoice, SeenDevice } from './engine.ts'
import { estimateLayers, type LayerEstimate } from './koboldcpp-estimate.ts'
import { EXTRA_CONTEXT } from './koboldcpp-settings.ts'
import { fitParameters, layoutByFlags, type PlacementFlags } from './llama-cpp-fit/fit.ts'

/** `--contextsize` where it is not given. */
const DEFAULT_CONTEXT_SIZE = 8192
/** `default_autofit_padding`, of the first GPU; the others keep llama.cpp's own 1024 MiB, which is as much. */
const PADDING = mebibytes(1024)
/** nvidia-smi's GPUs beyond the fourth are not looked at. */
const ESTIMATED_DEVICES = 4

/**
 * KoboldCpp 1.113.2 without `--gpulayers`: llama.cpp's own fit in its process (`--autofit`, which a missing layer count turns
 * on), and where that fails the layers that its older estimate recommends. It never changes the context. On Apple silicon
 * all layers go to the GPU unasked.
 */
export function chooseByAutofit({ model, settings: asked, devices }: OpenRun): OwnChoice {
  const contextLength = asked.contextLength || tokens(DEFAULT_CONTEXT_SIZE + EXTRA_CONTEXT)
  const settings: RunSettings = { ...asked, contextLength }
  const { splitMode } = settings
  const run: Run = { model, settings, layout: { splitMode, deviceCount: devices.length, layers: [], overrides: [] } }
  const choice = (outcome: OwnChoice['outcome'], flags: PlacementFlags): OwnChoice => ({
    outcome,
    settings,
    layout: layoutByFlags(run, devices, flags),
  })
  const open = { tensorSplit: devices.map(() => 0), overrides: [] }
  if (devices[0]?.device.backend === 'metal') return choice('unchanged', { ...open, gpuLayers: -1 })
  const { outcome, ...flags } = fitParameters(run, devices, { margins: [PADDING] })
  if (outcome !== 'failed') return choice(outcome, flags)
  return choice('failed', { ...open, gpuLayers: estimateFor({ model, settings, devices }).layers })
}

/** What its older estimate makes of a run: the weights stand for the file, whose header it cannot tell from them. */
export function estimateFor({ model, settings, devices }: OpenRun): LayerEstimate {
  const seen = devices.slice(0, ESTIMATED_DEVICES)
  return estimateLayers({
    memoryTotal: leastOf(seen.map(({ device }) => device.memory.reported?.bytes ?? memoryForEngine(device))),
    memoryFree: leastOf(seen.map(freeBefore)),
    fileSize: model.weightBytes,
    contextSize: tokens(settings.contextLength - EXTRA_CONTEXT),
    batchSize: settings.ubatchSize,
    blockCount: model.blockCount,
    headCountKv: oneNumber(model, 'attention.head_count_kv'),
    headLength: Math.max(oneNumber(model, 'attention.key_length'), oneNumber(model, 'attention.value_length')),
  })
}

/** What nvidia-smi prints before the engine opens its own driver context. */
const freeBefore = ({ device, free }: SeenDevice): Bytes => bytes(free + driverContext(device).bytes)

const leastOf = (sizes: readonly Bytes[]): Bytes => bytes(Math.floor(Math.min(...sizes) / MIB) * MIB)

/** A list of numbers, one a block, reads as none. */
function oneNumber(model: Model, key: string): number {
  const value = model.hyperparameter(key)
  return typeof value === 'number' ? value : 0
}
