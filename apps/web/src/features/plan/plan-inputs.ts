import {
  cacheTypes,
  exl2CacheModes,
  flashAttentionModes,
  isMix,
  mebibytes,
  type Mix,
  type ModelId,
  modelId,
  preferenceIds,
  requestDefaults,
  type RunRequest,
  splitModes,
  tokens,
} from '@berth/core'
import {
  createSerializer,
  type inferParserType,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'
import { isExllama } from './engine-choice.ts'

/** What the planner's number fields accept; the engine's own limits are core's rules, with their reasons. */
export const inputLimits = {
  contextLength: { min: 256, max: 2 ** 31 - 1 },
  parallel: { min: 1, max: 256 },
  ubatchSize: { min: 32, max: 16_384 },
  chunkSize: { min: 256, max: 16_384 },
  marginMebibytes: { min: 0, max: 65_536 },
} as const

/** How a model is used, as an address holds it; names are llama.cpp's flags. */
export const usageParsers = {
  ctx: parseAsInteger.withDefault(8192),
  np: parseAsInteger.withDefault(requestDefaults.parallel),
  ctk: parseAsStringLiteral(cacheTypes).withDefault(requestDefaults.cacheTypeK),
  ctv: parseAsStringLiteral(cacheTypes).withDefault(requestDefaults.cacheTypeV),
  ub: parseAsInteger.withDefault(requestDefaults.ubatchSize),
  fa: parseAsStringLiteral(flashAttentionModes).withDefault(requestDefaults.flashAttention),
  kvu: parseAsBoolean.withDefault(requestDefaults.kvUnified),
} as const

export type UsageInputs = inferParserType<typeof usageParsers>

/** The planner's inputs: a model, how it is used, and what of the answers is shown. */
export const planParsers = {
  /** A stored model's id, or with `mix` a catalogue model's. */
  model: parseAsString,
  mix: parseAsString,
  ...usageParsers,
  /** As `readEngine` reads it. */
  engine: parseAsString.withDefault('llama.cpp'),
  /** The cache of an ExLlama engine, and how many tokens of a prompt it reads at once. */
  cache: parseAsStringLiteral(exl2CacheModes).withDefault('FP16'),
  chunk: parseAsInteger.withDefault(requestDefaults.batchSize),
  margin: parseAsInteger.withDefault(1024),
  /** Margins of single GPUs in MiB by their index, as `1024,2048`; `margin` is for all others. */
  margins: parseAsString,
  sm: parseAsStringLiteral(splitModes).withDefault(requestDefaults.splitMode),
  /** The objective. */
  prefer: parseAsStringLiteral(preferenceIds).withDefault('headroom'),
  /** The model that room is left for, as `model` and `mix`. */
  other: parseAsString,
  otherMix: parseAsString,
  /** The machines that are judged, by their ids with commas between; all that are not in maintenance when absent. */
  machines: parseAsString,
  /** Or those that the list of machines shows under this query. */
  among: parseAsString,
  /** The machine that is open. */
  machine: parseAsString,
  /** Which of its placements is shown, in the order of `placementsOf`. */
  show: parseAsInteger.withDefault(0),
  /** The layers of each place where they are split by hand, as `gpu-0:41,gpu-1:40`. */
  split: parseAsString,
} as const

export type PlanInputs = inferParserType<typeof planParsers>

/** `?model=…&ctx=…`, defaults left out; empty for no inputs. */
export const writePlanInputs = createSerializer(planParsers)

const clamp = (value: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Math.min(max, Math.max(min, Math.round(value)))

type Asked = UsageInputs & Pick<PlanInputs, 'margin' | 'margins' | 'engine' | 'cache' | 'chunk' | 'sm'>

/** The request that the inputs stand for. Addresses are typed by hand too: what is out of range is brought into it. */
export const requestOf = (inputs: Asked): RunRequest => ({
  ...(isExllama(inputs.engine) ? exllamaRequestOf(inputs) : { ...usageRequestOf(inputs), splitMode: inputs.sm }),
  margin: mebibytes(clamp(inputs.margin, inputLimits.marginMebibytes)),
  ...marginsOf(inputs.margins),
})

/** As `requestOf`, where no machine's memory is to be kept free: llama.cpp's own margin. */
export function usageRequestOf(inputs: UsageInputs): RunRequest {
  const ubatchSize = clamp(inputs.ub, inputLimits.ubatchSize)
  return {
    ...requestDefaults,
    contextLength: tokens(clamp(inputs.ctx, inputLimits.contextLength)),
    parallel: clamp(inputs.np, inputLimits.parallel),
    cacheTypeK: inputs.ctk,
    cacheTypeV: inputs.ctv,
    ubatchSize: tokens(ubatchSize),
    // A ubatch larger than the batch would be cut down to it (`n_ubatch = min(n_batch, n_ubatch)`).
    batchSize: tokens(Math.max(requestDefaults.batchSize, ubatchSize)),
    flashAttention: inputs.fa,
    kvUnified: inputs.kvu,
  }
}

/** What an ExLlama engine is asked; it has no types for keys and values, and no ubatch. */
function exllamaRequestOf(inputs: Asked): RunRequest {
  const { cacheTypeK, cacheTypeV, ubatchSize } = requestDefaults
  return {
    ...usageRequestOf(inputs),
    ...{ cacheTypeK, cacheTypeV, ubatchSize },
    batchSize: tokens(clamp(inputs.chunk, inputLimits.chunkSize)),
    ...(inputs.cache !== 'FP16' && { exl2Cache: inputs.cache }),
  }
}

/** A list that is no list of numbers is none; as with `margin`, what is out of range is brought into it. */
function marginsOf(text: string | null): Pick<RunRequest, 'deviceMargins'> {
  if (!text || !isMarginList(text)) return {}
  const margins = text.split(',').map((one) => mebibytes(clamp(Number(one), inputLimits.marginMebibytes)))
  return { deviceMargins: margins }
}

/** Margins of up to as many GPUs as the engine takes. */
export const isMarginList = (text: string): boolean => /^\d{1,6}(?:,\d{1,6}){0,15}$/.test(text)

/** The inputs that lead to a request: the inverse of `requestOf`, for opening a saved plan in the planner. */
export const inputsOf = (request: RunRequest): Partial<PlanInputs> => ({
  ctx: request.contextLength,
  np: request.parallel,
  ctk: request.cacheTypeK,
  ctv: request.cacheTypeV,
  ub: request.ubatchSize,
  fa: request.flashAttention,
  kvu: request.kvUnified,
  sm: request.splitMode,
  cache: request.exl2Cache ?? 'FP16',
  chunk: request.batchSize,
  margin: Math.round(request.margin / mebibytes(1)),
  margins: request.deviceMargins?.map((margin) => Math.round(margin / mebibytes(1))).join(',') ?? null,
})

export type ModelRef =
  | { readonly kind: 'stored'; readonly id: ModelId }
  | { readonly kind: 'catalogue'; readonly id: string; readonly mix: Mix }

/** The chosen model; undefined before one is chosen, or where the address names a mix that does not exist. */
export function modelRefOf({ model, mix }: Pick<PlanInputs, 'model' | 'mix'>): ModelRef | undefined {
  if (!model) return undefined
  if (mix === null) return { kind: 'stored', id: modelId(model) }
  return isMix(mix) ? { kind: 'catalogue', id: model, mix } : undefined
}
