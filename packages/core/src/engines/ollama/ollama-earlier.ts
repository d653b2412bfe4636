import { TOLD_NOTHING } from '../controls.ts'
import type { RunRequest, RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { tokens } from '../../units.ts'
import type { CachePair, Engine } from '../engine.ts'
import { DEVICE_LIMIT } from '../llama-cpp-refusals.ts'
import { EARLIER_LLAMA_CPP_BUILD } from './builds.ts'
import { contextAsked } from '../llama-cpp-settings.ts'
import { ollamaCacheTypes } from './cache-sizes.ts'
import { chooseEarlier, placeEarlier } from './choose-earlier.ts'
import { containerOf } from './container.ts'
import { estimateAccount } from './estimate-account.ts'
import { explainEstimate } from './explain-estimate.ts'
import { launchEarlierOllama } from './launch.ts'
import { EARLIER_SLOT_LIMIT, earlierRefusals, usesFlashAttention } from './refusals.ts'

/** `n_ubatch` is left at llama.cpp's default; only `n_batch` follows `num_batch`, once a slot. */
const UBATCH = 512

/**
 * Ollama 0.6: its runner embeds llama.cpp, reserves logits for every token of the ubatch, and shares one cache among the slots.
 * `num_batch` is taken from the ubatch that was asked for.
 */
function settings(request: RunRequest, model: Model): RunSettings {
  const asked = contextAsked(request, model)
  const numCtx = Math.max(1, Math.floor(asked / request.parallel))
  const batchSize = Math.min(request.ubatchSize, UBATCH) * request.parallel
  return {
    ...request,
    contextLength: tokens(numCtx * request.parallel),
    batchSize: tokens(batchSize),
    ubatchSize: tokens(Math.min(batchSize, UBATCH)),
    flashAttention: usesFlashAttention(model, request) ? 'on' : 'off',
    kvUnified: true,
    outputsMax: 0,
    pipelineAllowed: true,
    llamaCppBuild: EARLIER_LLAMA_CPP_BUILD,
  }
}

/** A quantized cache is dropped without flash attention, which has to be asked for. */
const cachePairs = (model: Model, request: RunRequest): readonly CachePair[] =>
  ollamaCacheTypes
    .filter((type) => type === 'f16' || usesFlashAttention(model, request))
    .map((type) => ({ cacheTypeK: type, cacheTypeV: type }))

export const ollamaEarlier: Engine = {
  id: 'ollama',
  name: 'Ollama',
  version: '0.6',
  verifiedAgainst: 'Ollama 0.6.0 to 0.6.8, llm/memory.go, fs/ggml/ggml.go and server/sched.go',
  controls: TOLD_NOTHING,
  backends: ['cuda', 'rocm', 'metal'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: EARLIER_SLOT_LIMIT,
  refusals: earlierRefusals,
  settings,
  cachePairs,
  choose: chooseEarlier,
  account: (run) => explainEstimate(estimateAccount(placeEarlier(run).schedule.chosen.estimate)),
  launch: launchEarlierOllama,
  container: containerOf(
    { cuda: 'ollama/ollama:0.6.8', rocm: 'ollama/ollama:0.6.8-rocm', cpu: 'ollama/ollama:0.6.8' },
    launchEarlierOllama,
  ),
  isService: true,
}
