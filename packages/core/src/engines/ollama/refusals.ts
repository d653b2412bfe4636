import { isQuantized } from '../../header/ggml-type.ts'
import type { Machine } from '../../machine/machine.ts'
import type { RunRequest } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import type { Reason, SettingRefusal } from '../../placement/verdict.ts'
import { ggufRefusals, llamaCppLimits } from '../llama-cpp-refusals.ts'
import { earlierArchitectures, singleSlotArchitectures } from './architectures.ts'
import { ollamaCacheTypes } from './cache-sizes.ts'

/** `LLAMA_MAX_PARALLEL_SEQUENCES` of the llama.cpp in Ollama 0.6. */
export const EARLIER_SLOT_LIMIT = 64

const refuse = (setting: string, value: unknown, because: SettingRefusal): Reason => ({
  ...{ code: 'setting-not-supported', setting, value: String(value), because },
})

/** What Ollama (0.30 on) cannot be told, and what the llama-server inside refuses. All of them, not the first. */
export function refusals(model: Model, machine: Machine, request: RunRequest): readonly Reason[] {
  const ofLlamaCpp = llamaCppReasons(model, machine, request)
  if (ofLlamaCpp.some(({ code }) => OUT_OF_RANGE.has(code))) return ofLlamaCpp
  const single = request.parallel > 1 && singleSlotArchitectures.has(model.architecture)
  return [
    ...ofLlamaCpp,
    ...commonReasons(model, request),
    ...(single ? [refuse('parallel', request.parallel, 'one-slot-only-for-architecture')] : []),
  ]
}

/** The same of Ollama 0.6, whose quantized cache needs flash attention to be asked for, and is dropped in silence without. */
export function earlierRefusals(model: Model, machine: Machine, request: RunRequest): readonly Reason[] {
  const ofLlamaCpp = llamaCppReasons(model, machine, request)
  if (ofLlamaCpp.some(({ code }) => OUT_OF_RANGE.has(code))) return ofLlamaCpp
  const { parallel, cacheTypeK } = request
  const known = earlierArchitectures.has(model.architecture)
  const named = ofLlamaCpp.some(({ code }) => code === 'architecture-not-supported')
  const tooMany: Reason = {
    ...{ code: 'value-out-of-range', setting: 'parallel', value: parallel, minimum: 1, maximum: EARLIER_SLOT_LIMIT },
  }
  return [
    ...ofLlamaCpp,
    ...(known || named ? [] : [notSupported(model)]),
    ...commonReasons(model, request),
    ...(parallel > EARLIER_SLOT_LIMIT ? [tooMany] : []),
    ...(parallel > 1 && model.architecture === 'mllama'
      ? [refuse('parallel', parallel, 'one-slot-only-for-architecture')]
      : []),
    ...(isQuantized(cacheTypeK) && !usesFlashAttention(model, request)
      ? [refuse('cacheTypeK', cacheTypeK, 'quantized-cache-dropped-without-flash-attention')]
      : []),
  ]
}

/** Off unless asked for, and not for models whose keys and values differ in width (`SupportsFlashAttention`). */
export const usesFlashAttention = (model: Model, { flashAttention }: RunRequest): boolean =>
  flashAttention === 'on' && !model.withoutFlashAttention && model.keyLength === model.valueLength

const OUT_OF_RANGE: ReadonlySet<Reason['code']> = new Set(['value-out-of-range', 'context-beyond-limit'])

const byLlamaCpp = ggufRefusals({ ...llamaCppLimits, engine: 'ollama' })

const notSupported = ({ architecture }: Model): Reason => ({
  ...{ code: 'architecture-not-supported', architecture, engine: 'ollama' },
})

/** Of llama-server's reasons those that concern what Ollama hands to it; splits it is never told. */
const llamaCppReasons = (model: Model, machine: Machine, request: RunRequest): readonly Reason[] =>
  byLlamaCpp(model, machine, { ...request, splitMode: 'layer', kvUnified: false })

function commonReasons(model: Model, request: RunRequest): readonly Reason[] {
  return [...contextReasons(model, request), ...cacheReasons(request), ...optionReasons(request)]
}

/** Every slot has the context that was asked for, cut to what the model was trained for. */
function contextReasons({ contextLengthTrained }: Model, { contextLength, parallel }: RunRequest): readonly Reason[] {
  const limit = contextLengthTrained * parallel
  if (contextLength <= limit || contextLengthTrained === 0) return []
  return [{ code: 'context-beyond-limit', requested: contextLength, limit }]
}

/** One variable names the type of keys and values, of every model alike. */
function cacheReasons({ cacheTypeK, cacheTypeV }: RunRequest): readonly Reason[] {
  const offered = (type: string): boolean => ollamaCacheTypes.some((one) => one === type)
  const reasons: Reason[] = []
  if (!offered(cacheTypeK)) reasons.push(refuse('cacheTypeK', cacheTypeK, 'cache-type-not-offered'))
  if (!offered(cacheTypeV)) reasons.push(refuse('cacheTypeV', cacheTypeV, 'cache-type-not-offered'))
  if (cacheTypeK !== cacheTypeV) reasons.push(refuse('cacheTypeV', cacheTypeV, 'cache-types-must-be-equal'))
  return reasons
}

/** llama.cpp's options that Ollama has no word for. */
function optionReasons(request: RunRequest): readonly Reason[] {
  const { splitMode, offloadKqv, opOffload, swaFull, kvUnified, parallel } = request
  const given = [
    ['splitMode', splitMode, splitMode === 'row' || splitMode === 'tensor'],
    ['offloadKqv', offloadKqv, !offloadKqv],
    ['opOffload', opOffload, !opOffload],
    ['swaFull', swaFull, swaFull],
    ['kvUnified', kvUnified, kvUnified && parallel > 1],
  ] as const
  return given.filter(([, , used]) => used).map(([setting, value]) => refuse(setting, value, 'not-offered-by-engine'))
}
