import { TOLD_NOTHING } from '../controls.ts'
import type { Backend } from '../../machine/machine.ts'
import type { CacheType, RunRequest, RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { tokens } from '../../units.ts'
import type { CachePair, Engine } from '../engine.ts'
import { cachePairs as llamaCppCachePairs } from '../llama-cpp-cache-types.ts'
import { DEVICE_LIMIT, SEQUENCE_LIMIT } from '../llama-cpp-refusals.ts'
import { LLAMA_CPP_BUILD } from './builds.ts'
import { contextAsked } from '../llama-cpp-settings.ts'
import { ollamaCacheTypes } from './cache-sizes.ts'
import { containerOf } from './container.ts'
import { launchOllama } from './launch.ts'
import { ollamaEarlier } from './ollama-earlier.ts'
import { explainOllamaStep } from './explain-placement.ts'
import { chooseNow, placeRun } from './place-run.ts'
import { refusals } from './refusals.ts'

/**
 * Ollama starts llama-server with `-c num_ctx × parallel`, and with `num_batch` as batch and ubatch; the ubatch is what memory
 * depends on, so it is the one that counts.
 */
function settings(request: RunRequest, model: Model): RunSettings {
  const asked = contextAsked(request, model)
  const numCtx = Math.max(NUM_CTX_MIN, Math.floor(asked / request.parallel))
  const batch = tokens(request.ubatchSize)
  return {
    ...request,
    contextLength: tokens(numCtx * request.parallel),
    ...{ batchSize: batch, ubatchSize: batch, kvUnified: false },
    outputsMax: Math.max(1, Math.min(batch, request.parallel)),
    pipelineAllowed: true,
    llamaCppBuild: LLAMA_CPP_BUILD,
  }
}

/** `getRunner` of server/sched.go raises less than this. */
const NUM_CTX_MIN = 4

/** Of the types that OLLAMA_KV_CACHE_TYPE takes, those whose kernels read them as they are. */
function cachePairs(model: Model, request: RunRequest, backend: Backend): readonly CachePair[] {
  const offered: readonly CacheType[] = ollamaCacheTypes
  return llamaCppCachePairs(model, request, backend).filter(
    ({ cacheTypeK, cacheTypeV }) => cacheTypeK === cacheTypeV && offered.includes(cacheTypeK),
  )
}

export const ollama: Engine = {
  id: 'ollama',
  name: 'Ollama',
  version: '0.31',
  earlier: [ollamaEarlier],
  verifiedAgainst: 'Ollama 0.30 to 0.33, server/sched.go and llm/llama_server.go',
  controls: TOLD_NOTHING,
  backends: ['cuda', 'rocm', 'vulkan', 'metal'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: SEQUENCE_LIMIT,
  refusals,
  settings,
  cachePairs,
  choose: chooseNow,
  account: (run, machine) => placeRun(run).steps.map((step) => explainOllamaStep(step, machine)),
  launch: launchOllama,
  container: containerOf(
    { cuda: 'ollama/ollama', rocm: 'ollama/ollama:rocm', vulkan: 'ollama/ollama', cpu: 'ollama/ollama' },
    launchOllama,
  ),
  isService: true,
}
