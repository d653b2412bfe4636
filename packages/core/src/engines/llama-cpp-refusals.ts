import { GGML_TYPES, isQuantized } from '../header/ggml-type.ts'
import { type CacheType, cacheTypes, type RunRequest, type SplitMode } from '../memory/settings.ts'
import { followsUnloaded } from '../memory/tensor-split/followed.ts'
import type { Model } from '../model/model.ts'
import type { EngineId, Reason, SettingRefusal } from '../placement/verdict.ts'
import type { Engine } from './engine.ts'
import {
  architecturesAbortingWithFlashAttention,
  architecturesWithoutTensorSplit,
  loadableArchitectures,
} from './llama-cpp-architectures.ts'
import { contextReasons, marginRanges, rangeReasons, refuse } from './setting-reasons.ts'

/** `-ts` refuses as many values as `llama_max_devices()`, which is 16. */
export const DEVICE_LIMIT = 15
/** `LLAMA_MAX_SEQ` of llama-cparams.h. */
export const SEQUENCE_LIMIT = 256
/** Counts are parsed by `std::stoi`; the context is then padded to 256 cells. */
const INTEGER_LIMIT = 2 ** 31 - 1
const CONTEXT_LIMIT = INTEGER_LIMIT - 255

/** Where engines that carry llama.cpp differ in what they take. */
export interface GgufLimits {
  readonly engine: EngineId
  /** What its llama.cpp loads. */
  readonly architectures: ReadonlySet<string>
  /** Most sequences that one run serves. */
  readonly sequenceLimit: number
  /** In tokens; 0 asks for the trained context, and is never refused. */
  readonly contextLength: { readonly minimum: number; readonly maximum: number }
  /** Split modes that it cannot be run in, and why. */
  readonly refusedSplitModes: { readonly [Mode in SplitMode]?: SettingRefusal }
  readonly cacheTypes: readonly CacheType[]
}

/** llama-server of llama.cpp 0.5.0-dev. */
export const llamaCppLimits: GgufLimits = {
  engine: 'llama.cpp',
  architectures: loadableArchitectures,
  sequenceLimit: SEQUENCE_LIMIT,
  contextLength: { minimum: 0, maximum: CONTEXT_LIMIT },
  refusedSplitModes: { row: 'row-split-needs-split-buffers' },
  cacheTypes,
}

/**
 * What llama.cpp, carried by an engine, refuses to load or to create a context for, whatever the memory:
 * `llama_model_create`, `llama_init_from_model`, `make_gpu_buft_list` (0.5.0-dev), and what the engine itself does not take.
 * All of them, not the first.
 */
export const ggufRefusals =
  (limits: GgufLimits): Engine['refusals'] =>
  (model, _machine, request) => {
    const outOfRange = outOfRangeReasons(request, limits)
    // The other rules divide and multiply these numbers.
    if (outOfRange.length > 0) return outOfRange
    return [
      ...architectureReasons(model, limits),
      ...splitModeReasons(model, request, limits),
      ...offeredTypeReasons(request, limits),
      ...cacheReasons(model, request),
    ]
  }

function outOfRangeReasons(request: RunRequest, limits: GgufLimits): readonly Reason[] {
  const { minimum, maximum } = limits.contextLength
  const beyond = contextReasons(request, maximum)
  const isAsked = beyond.length === 0 && request.contextLength > 0
  return [
    ...rangeReasons([
      ['parallel', request.parallel, 1, limits.sequenceLimit],
      ['batchSize', request.batchSize, 1, INTEGER_LIMIT],
      ['ubatchSize', request.ubatchSize, 1, INTEGER_LIMIT],
      ...marginRanges(request),
    ]),
    ...beyond,
    ...(isAsked ? rangeReasons([['contextLength', request.contextLength, minimum, maximum]]) : []),
  ]
}

function architectureReasons({ architecture }: Model, { architectures, engine }: GgufLimits): readonly Reason[] {
  return architectures.has(architecture) ? [] : [{ code: 'architecture-not-supported', architecture, engine }]
}

/** Where `llama_meta_device_get_split_state` ends in an assertion or, over the cache of a block without KV heads, divides by zero. */
const abortsInTensorSplit = (model: Model): boolean =>
  (model.tensorSplit !== 'mirrored' && followsUnloaded(model)) ||
  model.contexts.some((context) => context.kind === 'attention' && context.keyWidth === 0) ||
  hasFusedExpertsOfOtherWidth(model)

/** Gate and up of experts in one matrix are cut by the header's width, which has to be theirs. */
function hasFusedExpertsOfOtherWidth({ blockTensorIndex, hyperparameter }: Model): boolean {
  const widths = hyperparameter('expert_feed_forward_length')
  return blockTensorIndex.some(({ weight }, il) => {
    const fused = weight.get('ffn_gate_up_exps')
    return fused !== undefined && fused.shape[1] !== 2 * Number((Array.isArray(widths) ? widths[il] : widths) ?? 0)
  })
}

function splitModeReasons(model: Model, request: RunRequest, limits: GgufLimits): readonly Reason[] {
  const { splitMode } = request
  const refusal = limits.refusedSplitModes[splitMode]
  if (refusal) return [refuse('splitMode', splitMode, refusal)]
  if (splitMode !== 'tensor') return []
  const reasons: Reason[] = []
  if (architecturesWithoutTensorSplit.has(model.architecture) || abortsInTensorSplit(model)) {
    reasons.push(refuse('splitMode', 'tensor', 'tensor-split-not-implemented-for-architecture'))
  }
  for (const [setting, type] of cacheTypesOf(request)) {
    if (isQuantized(type)) reasons.push(refuse(setting, type, 'tensor-split-needs-unquantized-cache'))
  }
  if (request.flashAttention === 'off') {
    reasons.push(refuse('flashAttention', 'off', 'tensor-split-needs-flash-attention'))
  }
  return reasons
}

const cacheTypesOf = (request: RunRequest) =>
  [
    ['cacheTypeK', request.cacheTypeK],
    ['cacheTypeV', request.cacheTypeV],
  ] as const

const offeredTypeReasons = (request: RunRequest, limits: GgufLimits): readonly Reason[] =>
  cacheTypesOf(request)
    .filter(([, type]) => !limits.cacheTypes.includes(type))
    .map(([setting, type]) => refuse(setting, type, 'not-offered-by-engine'))

function cacheReasons(model: Model, request: RunRequest): readonly Reason[] {
  const { cacheTypeK, cacheTypeV } = request
  const flashAttention = request.flashAttention !== 'off' && !model.withoutFlashAttention
  const reasons: Reason[] = []
  if (isQuantized(cacheTypeV) && !flashAttention) {
    reasons.push(refuse('cacheTypeV', cacheTypeV, 'quantized-v-needs-flash-attention'))
  }
  if (flashAttention && architecturesAbortingWithFlashAttention.has(model.architecture)) {
    reasons.push(refuse('flashAttention', request.flashAttention, 'flash-attention-not-supported-by-architecture'))
  }
  if (cacheTypeK !== cacheTypeV && needsEqualCacheTypes(model)) {
    reasons.push(refuse('cacheTypeV', cacheTypeV, 'mla-needs-equal-cache-types'))
  }
  if (!blocksDivide(cacheTypeK, [model.keyLength, model.keyLengthSwa], flashAttention ? [] : keyWidths(model))) {
    reasons.push(refuse('cacheTypeK', cacheTypeK, 'cache-block-does-not-divide-head'))
  }
  if (!blocksDivide(cacheTypeV, [model.valueLength, model.valueLengthSwa], [])) {
    reasons.push(refuse('cacheTypeV', cacheTypeV, 'cache-block-does-not-divide-head'))
  }
  if (request.parallel > 1 && !request.kvUnified && hasIndexer(model)) {
    reasons.push(refuse('kvUnified', 'false', 'streams-not-supported-by-architecture'))
  }
  return reasons
}

/** `hparams.is_mla() || LLM_ARCH_DEEPSEEK4`. */
function needsEqualCacheTypes(model: Model): boolean {
  const isMla = ['attention.key_length_mla', 'attention.value_length_mla'].every((key) => model.hyperparameter(key))
  return isMla || model.architecture === 'deepseek4'
}

/** With flash attention every head must hold whole blocks; without it (K only) the whole row must. */
function blocksDivide(type: CacheType, headLengths: readonly number[], rowWidths: readonly number[]): boolean {
  const { blockElements } = GGML_TYPES[type]
  return (rowWidths.length > 0 ? rowWidths : headLengths).every((width) => width % blockElements === 0)
}

const keyWidths = (model: Model): readonly number[] =>
  model.contexts.flatMap((context) =>
    context.kind === 'attention' ? [context.keyWidth] : context.kind === 'latent' ? [context.latentWidth] : [],
  )

/** DeepSeek sparse attention: reserving its graph with more than one KV stream aborts (seen with deepseek32, 3 of 3). */
const hasIndexer = (model: Model): boolean =>
  model.contexts.some((context) => context.kind === 'latent' && context.indexerWidth > 0)
