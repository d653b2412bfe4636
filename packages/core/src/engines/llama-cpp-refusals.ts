import { GGML_TYPES, isQuantized } from '../header/ggml-type.ts'
import type { Machine } from '../machine/machine.ts'
import type { CacheType, RunRequest } from '../memory/settings.ts'
import { followsUnloaded } from '../memory/tensor-split/followed.ts'
import type { Model } from '../model/model.ts'
import type { Reason, SettingRefusal } from '../placement/verdict.ts'
import {
  architecturesAbortingWithFlashAttention,
  architecturesWithoutTensorSplit,
  loadableArchitectures,
} from './llama-cpp-architectures.ts'

/** `-ts` refuses as many values as `llama_max_devices()`, which is 16. */
export const DEVICE_LIMIT = 15
/** `LLAMA_MAX_SEQ` of llama-cparams.h. */
export const SEQUENCE_LIMIT = 256
/** Counts are parsed by `std::stoi`; the context is then padded to 256 cells. */
const INTEGER_LIMIT = 2 ** 31 - 1
export const CONTEXT_LIMIT = INTEGER_LIMIT - 255
/** Above this a margin is a slip of the unit, not a wish. */
const MARGIN_LIMIT = 2 ** 50

/**
 * What llama.cpp 0.5.0-dev refuses to load or to create a context for, whatever the memory: `llama_model_create`,
 * `llama_init_from_model`, `make_gpu_buft_list`, common/arg.cpp. All of them, not the first.
 */
export function refusals(model: Model, _machine: Machine, request: RunRequest): readonly Reason[] {
  const outOfRange = rangeReasons(request)
  // The other rules divide and multiply these numbers.
  if (outOfRange.length > 0) return outOfRange
  return [...architectureReasons(model), ...splitModeReasons(model, request), ...cacheReasons(model, request)]
}

function rangeReasons(request: RunRequest): readonly Reason[] {
  const ranges = [
    ['parallel', request.parallel, 1, SEQUENCE_LIMIT],
    ['batchSize', request.batchSize, 1, INTEGER_LIMIT],
    ['ubatchSize', request.ubatchSize, 1, INTEGER_LIMIT],
    ['margin', request.margin, 0, MARGIN_LIMIT],
    ...(request.deviceMargins ?? []).map((margin, at) => [`deviceMargins.${at}`, margin, 0, MARGIN_LIMIT] as const),
  ] as const
  const reasons: Reason[] = ranges
    .filter(([, value, minimum, maximum]) => !isWithin(value, minimum, maximum))
    .map(([setting, value, minimum, maximum]) => ({ code: 'value-out-of-range', setting, value, minimum, maximum }))
  if (!isWithin(request.contextLength, 0, CONTEXT_LIMIT)) {
    reasons.push({ code: 'context-beyond-limit', requested: request.contextLength, limit: CONTEXT_LIMIT })
  }
  return reasons
}

const isWithin = (value: number, minimum: number, maximum: number): boolean =>
  Number.isInteger(value) && value >= minimum && value <= maximum

function architectureReasons({ architecture }: Model): readonly Reason[] {
  if (loadableArchitectures.has(architecture)) return []
  return [{ code: 'architecture-not-supported', architecture, engine: 'llama.cpp' }]
}

const refuse = (setting: string, value: string, because: SettingRefusal): Reason => ({
  code: 'setting-not-supported',
  setting,
  value,
  because,
})

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

function splitModeReasons(model: Model, request: RunRequest): readonly Reason[] {
  const { splitMode } = request
  if (splitMode === 'row') return [refuse('splitMode', 'row', 'row-split-needs-split-buffers')]
  if (splitMode !== 'tensor') return []
  const reasons: Reason[] = []
  if (architecturesWithoutTensorSplit.has(model.architecture) || abortsInTensorSplit(model)) {
    reasons.push(refuse('splitMode', 'tensor', 'tensor-split-not-implemented-for-architecture'))
  }
  for (const [setting, type] of [
    ['cacheTypeK', request.cacheTypeK],
    ['cacheTypeV', request.cacheTypeV],
  ] as const) {
    if (isQuantized(type)) reasons.push(refuse(setting, type, 'tensor-split-needs-unquantized-cache'))
  }
  if (request.flashAttention === 'off') {
    reasons.push(refuse('flashAttention', 'off', 'tensor-split-needs-flash-attention'))
  }
  return reasons
}

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
