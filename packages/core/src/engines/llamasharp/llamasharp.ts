import { TOLD_EVERYTHING } from '../controls.ts'
import { type CacheType, cacheTypes, type RunRequest, type RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import type { CachePair, Engine } from '../engine.ts'
import { cachePairs as llamaCppPairs } from '../llama-cpp-cache-types.ts'
import { type GgufLimits, llamaCppLimits, SEQUENCE_LIMIT } from '../llama-cpp-refusals.ts'
import { contextAsked, flagOf } from '../llama-cpp-settings.ts'
import { olderBuildRefusals } from '../older-build-refusals.ts'
import { ggmlTypes } from './model-params.ts'
import { launchLlamaSharp } from './program.ts'

/** `TensorSplitsCollection` is as long as `llama_max_devices()` and goes to llama.cpp unparsed. */
const DEVICE_LIMIT = 16

const offered = cacheTypes.filter((type) => ggmlTypes[type] !== undefined)

const isOffered = ({ cacheTypeK, cacheTypeV }: CachePair): boolean =>
  [cacheTypeK, cacheTypeV].every((type: CacheType) => offered.includes(type))

/** `row` is a member of `GPUSplitMode`; what the split buffers of these builds hold is not counted. */
const limits: Omit<GgufLimits, 'architectures'> = {
  ...llamaCppLimits,
  engine: 'llamasharp',
  refusedSplitModes: { row: 'not-counted-for-this-version', tensor: 'not-counted-for-this-version' },
  cacheTypes: offered,
}

/** `ToLlamaContextParams`: it names no count of output rows, so logits are reserved for every token of a ubatch. */
const settingsOf = (request: RunRequest, model: Model, llamaCppBuild: number): RunSettings => ({
  ...request,
  contextLength: contextAsked(request, model),
  ...{ outputsMax: 0, pipelineAllowed: true, llamaCppBuild },
})

type Shared = Omit<Engine, 'version' | 'verifiedAgainst' | 'slotLimit' | 'refusals' | 'settings' | 'launch'>

const shared: Shared = {
  id: 'llamasharp',
  name: 'LLamaSharp',
  controls: TOLD_EVERYTHING,
  backends: ['cuda', 'vulkan', 'metal'],
  deviceLimit: DEVICE_LIMIT,
  cachePairs: (model, request, backend) => llamaCppPairs(model, request, backend).filter(isOffered),
  isService: false,
}

/** 11dd5a4 of 26 July 2025; the tag is read from that day. */
const BUILD_OF_0_25 = 5994
/** `LLAMA_MAX_SEQ` of that summer. */
const SEQUENCE_LIMIT_OF_0_25 = 64

const byLlamaCppOf025 = olderBuildRefusals(BUILD_OF_0_25, { ...limits, sequenceLimit: SEQUENCE_LIMIT_OF_0_25 })

/** Flash attention is a plain `bool` there. */
const llamaSharp025: Engine = {
  ...shared,
  version: '0.25.0',
  verifiedAgainst:
    'LLamaSharp 0.25.0 (ModelParams.cs, IContextParamsExtensions.cs), llama.cpp 11dd5a4 by its change log',
  slotLimit: SEQUENCE_LIMIT_OF_0_25,
  refusals: (model, machine, request) =>
    byLlamaCppOf025(model, machine, { ...request, flashAttention: flagOf(request) }),
  settings: (request, model) => settingsOf({ ...request, flashAttention: flagOf(request) }, model, BUILD_OF_0_25),
  launch: launchLlamaSharp('0.25.0', { namesDevices: false }),
}

/** 815a2a5, to which 0.30 was updated (its pull request 1414). */
const BUILD_OF_0_30 = 10_221

export const llamaSharp: Engine = {
  ...shared,
  version: '0.30.0',
  earlier: [llamaSharp025],
  verifiedAgainst:
    'LLamaSharp 0.30.0 (ModelParams, IModelParamsExtensions.cs), llama.cpp b10221 as later builds tell of it',
  slotLimit: SEQUENCE_LIMIT,
  refusals: olderBuildRefusals(BUILD_OF_0_30, limits),
  settings: (request, model) => settingsOf(request, model, BUILD_OF_0_30),
  launch: launchLlamaSharp('0.30.0', { namesDevices: true }),
}
