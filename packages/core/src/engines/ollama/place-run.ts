import type { Device } from '../../machine/machine.ts'
import { memoryForEngine } from '../../machine/memory-total.ts'
import { computeCapability } from '../../memory/driver-context.ts'
import type { RunLayout } from '../../memory/run-memory.ts'
import type { RunSettings } from '../../memory/settings.ts'
import { layersByFlags } from '../../placement/split.ts'
import { type Bytes, bytes, mebibytes, MIB, sumBytes, tokens } from '../../units.ts'
import type { OpenRun, OwnChoice, SeenDevice } from '../engine.ts'
import { fitParameters, layoutByFlags } from '../llama-cpp-fit/fit.ts'
import { automaticBatch, defaultNumCtx } from './automatic-settings.ts'
import { hostLayout, overAll } from './chosen-layout.ts'
import type { OllamaStep } from './ollama-step.ts'
import { predictVram } from './predict-vram.ts'
import { type GpuSelection, selectGpus } from './select-gpus.ts'

export interface OllamaOptions {
  /** `num_gpu`: layers as the user sets them; absent leaves them to llama-server's fit. */
  readonly numGpu?: number
  /** OLLAMA_SCHED_SPREAD. */
  readonly spread?: boolean
  /** Weights of a projector beside the model, for which the fit is to leave room. */
  readonly projectorBytes?: Bytes
}

export interface OllamaPlacement {
  readonly choice: OwnChoice
  /** How it came to it, in order. */
  readonly steps: readonly OllamaStep[]
}

/** `mmprojOffloadHeadroom`: what a projector's buffers are allowed beside its weights. */
const PROJECTOR_HEADROOM = mebibytes(1024)

/**
 * What Ollama makes of a run (0.30 on): server/sched.go chooses the GPUs and llm/llama_server.go starts llama-server on them,
 * whose own fit places the layers. A context length of 0 leaves context and batch to Ollama too. Exact as the fit is.
 */
export function placeRun(run: OpenRun, options: OllamaOptions = {}): OllamaPlacement {
  const { model, devices } = run
  const steps: OllamaStep[] = []
  const resolved = withFlashAttention(withContext(run, steps), devices, steps)
  const predicted = predictVram(model, resolved.contextLength)
  steps.push({ code: 'predicted', ...predicted })
  const selection = selectGpus(devices, predicted.total, { spread: options.spread ?? false })
  steps.push({ code: 'selected', ...selection, predicted: predicted.total, found: devices.length })
  const automatic = run.settings.contextLength === 0
  const settings = automatic ? withBatch(resolved, { selection, devices, predicted: predicted.total }, steps) : resolved
  const placed = layersOn({ ...run, settings }, selection, options, steps)
  return { choice: { outcome: placed.outcome, settings, layout: placed.layout }, steps }
}

export const chooseNow = (run: OpenRun): OwnChoice => placeRun(run).choice

/** The default context is no more than the model was trained for; each slot has one. */
function withContext({ model, settings, devices }: OpenRun, steps: OllamaStep[]): RunSettings {
  if (settings.contextLength > 0) return settings
  const totalMemory = sumBytes(devices.map(({ device }) => memoryForEngine(device)))
  const tier = defaultNumCtx(totalMemory)
  const numCtx = Math.min(tier, model.contextLengthTrained || tier)
  steps.push({ code: 'default-context', totalMemory, tier, numCtx })
  return { ...settings, contextLength: tokens(numCtx * settings.parallel) }
}

/** `FlashAttentionSupported`: on cards without its kernels it is turned off where nothing was asked for. */
function withFlashAttention(settings: RunSettings, devices: readonly SeenDevice[], steps: OllamaStep[]): RunSettings {
  const without = settings.flashAttention === 'auto' ? devices.find(({ device }) => lacksKernels(device)) : undefined
  if (!without) return settings
  steps.push({ code: 'flash-attention-off', device: without.device.id })
  return { ...settings, flashAttention: 'off' }
}

function lacksKernels(device: Device): boolean {
  const capability = computeCapability(device)
  return capability !== undefined && (capability < 6 || capability === 7.2)
}

interface BatchBasis {
  readonly selection: GpuSelection
  readonly devices: readonly SeenDevice[]
  readonly predicted: Bytes
}

function withBatch(settings: RunSettings, basis: BatchBasis, steps: OllamaStep[]): RunSettings {
  const { selection, devices, predicted } = basis
  const chosen = selection.gpus.map((gpu) => devices[gpu]!)
  const batch = automaticBatch({
    ...{ contextLength: settings.contextLength, predicted, available: selection.available },
    flashAttention: settings.flashAttention !== 'off',
    cudaFree: chosen.filter(({ device }) => device.backend === 'cuda').map(({ free }) => free),
  })
  steps.push({ code: 'batch', batch })
  return { ...settings, batchSize: tokens(batch), ubatchSize: tokens(batch) }
}

interface Placed {
  readonly outcome: OwnChoice['outcome']
  readonly layout: RunLayout
}

function layersOn(run: OpenRun, { gpus }: GpuSelection, options: OllamaOptions, steps: OllamaStep[]): Placed {
  const { model, devices } = run
  const { numGpu = -1, projectorBytes = bytes(0) } = options
  const layerCount = model.blockCount + 1
  if (devices.length === 0 || numGpu === 0) {
    steps.push({ code: 'host-only' })
    return { outcome: 'fitted', layout: hostLayout(layerCount, devices.length) }
  }
  const chosen = gpus.map((gpu) => devices[gpu]!)
  const splitMode = chosen.length > 1 ? 'layer' : 'none'
  const empty: RunLayout = { splitMode, deviceCount: chosen.length, layers: [], overrides: [] }
  if (numGpu > 0) {
    const shares = chosen.map(({ free }) => free)
    const layers = layersByFlags({ layerCount, gpuLayers: numGpu, shares, deviceCount: chosen.length })
    steps.push({ code: 'layers-set', layers: Math.min(numGpu, layerCount), layerCount })
    return { outcome: 'unchanged', layout: overAll({ ...empty, layers }, gpus, devices.length) }
  }
  const margins = chosen.map(({ device }) => fitTarget(run.settings, device, projectorBytes))
  const asked = { model, settings: { ...run.settings, splitMode }, layout: empty } as const
  const { outcome, contextLength: _, ...flags } = fitParameters(asked, chosen, { margins })
  const layout = layoutByFlags(asked, chosen, flags)
  steps.push({
    code: 'fitted',
    outcome,
    margins,
    layers: layout.layers.filter((place) => place >= 0).length,
    layerCount,
  })
  return { outcome, layout: overAll(layout, gpus, devices.length) }
}

/** LLAMA_ARG_FIT_TARGET of a device: whole MiB, and a projector's share on each. */
function fitTarget(settings: RunSettings, device: Device, projectorBytes: Bytes): Bytes {
  const projector = projectorBytes > 0 ? projectorBytes + PROJECTOR_HEADROOM : 0
  return bytes(Math.ceil((marginOf(settings, device) + projector) / MIB) * MIB)
}

export const marginOf = ({ margin, deviceMargins, toldMargins }: RunSettings, { index }: Device): Bytes =>
  toldMargins?.[index] ?? deviceMargins?.[index] ?? margin
