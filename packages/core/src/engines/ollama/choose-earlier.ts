import type { RunSettings } from '../../memory/settings.ts'
import { layersByFlags } from '../../placement/split.ts'
import { type Bytes, bytes, tokens } from '../../units.ts'
import type { OpenRun, OwnChoice } from '../engine.ts'
import { type OllamaCacheType, ollamaCacheTypes } from './cache-sizes.ts'
import { hostLayout, overAll } from './chosen-layout.ts'
import { ollamaFacts } from './gguf-facts.ts'
import { type EarlierRequest, type EarlierSchedule, scheduleEarlier } from './schedule-earlier.ts'

/** `num_ctx` where nothing sets it: 4096 from 0.6.7 on, 2048 before. */
const DEFAULT_NUM_CTX = 4096

/** What Ollama 0.6 makes of a run, and how it came to it. */
export interface EarlierPlacement {
  readonly schedule: EarlierSchedule
  readonly choice: OwnChoice
}

/** `num_gpu` of the request: -1 or absent for as many layers as are thought to fit. */
export function placeEarlier(run: OpenRun, numGpu = -1): EarlierPlacement {
  const { model, devices } = run
  const settings = withContext(run.settings)
  const gpus = devices.map(({ device, free }) => ({ free, backend: device.backend }))
  const schedule = scheduleEarlier(ollamaFacts(model), gpus, requestOf(settings, numGpu))
  const { gpus: chosen, estimate } = schedule.chosen
  const layerCount = model.blockCount + 1
  const gpuLayers = numGpu < 0 ? estimate.layers : numGpu
  if (estimate.layers === 0 || gpuLayers === 0) {
    return { schedule, choice: { outcome: 'fitted', settings, layout: hostLayout(layerCount, devices.length) } }
  }
  const shares = estimate.gpus.map(({ layers }) => layers)
  const layers = layersByFlags({ layerCount, gpuLayers, shares, deviceCount: chosen.length })
  const layout = { splitMode: 'layer', deviceCount: chosen.length, layers, overrides: [] } as const
  const outcome = gpuLayers >= layerCount ? 'unchanged' : 'fitted'
  return { schedule, choice: { outcome, settings, layout: overAll(layout, chosen, devices.length) } }
}

export const chooseEarlier = (run: OpenRun): OwnChoice => placeEarlier(run).choice

const withContext = (settings: RunSettings): RunSettings =>
  settings.contextLength === 0 ? { ...settings, contextLength: tokens(DEFAULT_NUM_CTX * settings.parallel) } : settings

function requestOf(settings: RunSettings, numGpu: number): EarlierRequest {
  const { contextLength, parallel, batchSize } = settings
  return {
    numCtx: Math.floor(contextLength / parallel),
    parallel,
    numBatch: Math.floor(batchSize / parallel),
    cacheType: cacheTypeOf(settings),
    numGpu,
    gpuOverhead: gpuOverheadOf(settings),
  }
}

/** Without flash attention Ollama 0.6 drops the type that was asked for. */
function cacheTypeOf({ cacheTypeK, flashAttention }: RunSettings): OllamaCacheType {
  const offered = ollamaCacheTypes.find((type) => type === cacheTypeK)
  return flashAttention === 'on' && offered ? offered : 'f16'
}

/** OLLAMA_GPU_OVERHEAD is one figure for all GPUs: the largest margin stands for each. */
export const gpuOverheadOf = ({ margin, deviceMargins = [], toldMargins = [] }: RunSettings): Bytes =>
  bytes(Math.max(margin, ...deviceMargins, ...toldMargins))
