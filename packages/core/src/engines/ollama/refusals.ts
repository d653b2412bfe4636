import { isQuantized } from '../../header/ggml-type.ts'
import type { RunRequest } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import type { Reason } from '../../placement/verdict.ts'
import type { Engine } from '../engine.ts'
import { type GgufLimits, llamaCppLimits } from '../llama-cpp-refusals.ts'
import { olderBuildRefusals } from '../older-build-refusals.ts'
import { refuse } from '../setting-reasons.ts'
import { EARLIER_LLAMA_CPP_BUILD, LLAMA_CPP_BUILD } from './builds.ts'
import { ollamaCacheTypes } from './cache-sizes.ts'

/** `LLAMA_MAX_PARALLEL_SEQUENCES` of the llama.cpp in Ollama 0.6. */
export const EARLIER_SLOT_LIMIT = 64

const limits: GgufLimits = {
  ...llamaCppLimits,
  engine: 'ollama',
  refusedSplitModes: { row: 'not-offered-by-engine', tensor: 'not-offered-by-engine' },
  cacheTypes: ollamaCacheTypes,
}

const byLlamaCpp = olderBuildRefusals(LLAMA_CPP_BUILD, limits)
const byEarlierLlamaCpp = olderBuildRefusals(EARLIER_LLAMA_CPP_BUILD, { ...limits, sequenceLimit: EARLIER_SLOT_LIMIT })

/** `SingleParallelArchitectures` of types/model (0.30 on): one request at a time, whatever OLLAMA_NUM_PARALLEL says. */
const SINGLE_SLOT: ReadonlySet<string> = new Set([
  ...['mllama', 'qwen3vl', 'qwen3vlmoe', 'qwen35', 'qwen35moe', 'qwen3next'],
  ...['lfm2', 'lfm2moe', 'nemotron_h', 'nemotron_h_moe', 'nemotron_h_omni'],
])

/** What Ollama (0.30 on) cannot be told, and what the llama-server inside refuses. All of them, not the first. */
export const refusals: Engine['refusals'] = (model, machine, request) => [
  ...byLlamaCpp(model, machine, request),
  ...commonReasons(model, request, SINGLE_SLOT),
]

/** The same of Ollama 0.6, whose quantized cache needs flash attention to be asked for, and is dropped in silence without. */
export const earlierRefusals: Engine['refusals'] = (model, machine, request) => [
  ...byEarlierLlamaCpp(model, machine, request).filter(
    ({ code }) => code !== 'architecture-not-supported' || !OF_OLLAMA.has(model.architecture),
  ),
  ...commonReasons(model, request, EARLIER_SINGLE_SLOT),
  ...(isQuantized(request.cacheTypeK) && !usesFlashAttention(model, request)
    ? [refuse('cacheTypeK', request.cacheTypeK, 'quantized-cache-dropped-without-flash-attention')]
    : []),
]

/** What Ollama 0.6 loads by patches and an engine of its own. */
const OF_OLLAMA: ReadonlySet<string> = new Set(['mllama', 'mistral3', 'solar'])

const EARLIER_SINGLE_SLOT: ReadonlySet<string> = new Set(['mllama'])

/** Off unless asked for, and not for models whose keys and values differ in width (`SupportsFlashAttention`). */
export const usesFlashAttention = (model: Model, { flashAttention }: RunRequest): boolean =>
  flashAttention === 'on' && !model.withoutFlashAttention && model.keyLength === model.valueLength

const commonReasons = (model: Model, request: RunRequest, single: ReadonlySet<string>): readonly Reason[] => [
  ...contextReasons(model, request),
  // One variable names the type of keys and values, of every model alike.
  ...(request.cacheTypeK === request.cacheTypeV
    ? []
    : [refuse('cacheTypeV', request.cacheTypeV, 'cache-types-must-be-equal')]),
  ...optionReasons(request),
  ...(request.parallel > 1 && single.has(model.architecture)
    ? [refuse('parallel', String(request.parallel), 'one-slot-only-for-architecture')]
    : []),
]

/** Every slot has the context that was asked for, cut to what the model was trained for. */
function contextReasons({ contextLengthTrained }: Model, { contextLength, parallel }: RunRequest): readonly Reason[] {
  const limit = contextLengthTrained * parallel
  if (contextLengthTrained === 0 || !(contextLength > limit && parallel > 0)) return []
  return [{ code: 'context-beyond-limit', requested: contextLength, limit }]
}

/** llama.cpp's options that Ollama has no word for. */
function optionReasons({ offloadKqv, opOffload, swaFull, kvUnified, parallel }: RunRequest): readonly Reason[] {
  const given = [
    ['offloadKqv', offloadKqv, !offloadKqv],
    ['opOffload', opOffload, !opOffload],
    ['swaFull', swaFull, swaFull],
    ['kvUnified', kvUnified, kvUnified && parallel > 1],
  ] as const
  return given
    .filter(([, , used]) => used)
    .map(([setting, value]) => refuse(setting, String(value), 'not-offered-by-engine'))
}
