import {
  type AnyEngine,
  anyEngineIds,
  anyEngineOf,
  cacheTypes,
  type Engine,
  type EngineId,
  engines,
  exl2CacheModes,
  flashAttentionModes,
  type LayerSplit,
  type Place,
  type PlaceMemory,
  type Placement,
  preferenceIds,
  type Reason,
  type Remedy,
  type RemedyCost,
  requestDefaults,
  type RunRequest,
  type RunSettings,
  settingRefusals,
  splitModes,
  type TensorOverride,
} from '@berth/core'
import { z } from 'zod'
import { toldSchema } from './exl2-told-schema.ts'
import {
  bytesSchema,
  deviceIdSchema,
  listOf,
  machineIdSchema,
  type SchemaOf,
  signedBytesSchema,
  tokensSchema,
} from '../schema-parts.ts'

/** What the core asks and answers, field by field: a field or code added there is an error here until it is added. */

const ggufEngineIds = Object.keys(engines) as EngineId[]
export const engineSchema = z.enum(anyEngineIds)

/** What runs the model. */
export const engineInput = {
  engine: engineSchema,
  engineVersion: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .meta({ description: 'A version that `GET /engines` lists; the current one when left out.' }),
} as const

export type EngineChoice = z.output<z.ZodObject<typeof engineInput>>

/** Of what is answered for GGUF files only. */
export const ggufEngineInput = {
  ...engineInput,
  engine: z.enum(ggufEngineIds),
} as const

export type GgufEngineChoice = z.output<z.ZodObject<typeof ggufEngineInput>>

export const knowsVersion = ({ engine, engineVersion }: EngineChoice): boolean =>
  anyEngineOf(engine, engineVersion) !== undefined

export const versionUnknown = { path: ['engineVersion'], message: 'must be a version of the engine that is described' }

/** What was checked when it was asked for; a newer Berth may describe a version no longer. */
export function engineFor(choice: GgufEngineChoice): Engine
export function engineFor(choice: EngineChoice): AnyEngine
export function engineFor({ engine, engineVersion }: EngineChoice): AnyEngine {
  const found = anyEngineOf(engine, engineVersion)
  if (!found) throw new Error(`${engine} ${engineVersion} is not described`)
  return found
}

export const preferenceSchema = z.enum(preferenceIds).meta({ id: 'Preference' })

/** llama.cpp's own limits: 2^31 tokens fill an int32, and 256 is LLAMA_MAX_SEQ. */
const contextTokens = tokensSchema({ min: 0, max: 2 ** 31 - 1 })
const batchTokens = tokensSchema({ min: 1, max: 2 ** 20 })

/** As many margins as any machine has devices. */
const MOST_DEVICES = 128

export const settingsShape = {
  contextLength: contextTokens,
  parallel: z.number().int().min(1).max(256),
  batchSize: batchTokens,
  ubatchSize: batchTokens,
  cacheTypeK: z.enum(cacheTypes),
  cacheTypeV: z.enum(cacheTypes),
  flashAttention: z.enum(flashAttentionModes),
  kvUnified: z.boolean(),
  swaFull: z.boolean(),
  offloadKqv: z.boolean(),
  opOffload: z.boolean(),
  splitMode: z.enum(splitModes),
  margin: bytesSchema,
  deviceMargins: z.array(bytesSchema).max(MOST_DEVICES).readonly().exactOptional(),
  exl2Cache: z
    .enum(exl2CacheModes)
    .exactOptional()
    .meta({ description: 'The cache of an ExLlama engine; FP16 when left out.' }),
}

/** What is left out is as llama.cpp has it; the words are its flags'. */
export const requestSchema = z
  .object({
    contextLength: contextTokens.default(requestDefaults.contextLength),
    parallel: settingsShape.parallel.default(requestDefaults.parallel),
    batchSize: batchTokens.default(requestDefaults.batchSize),
    ubatchSize: batchTokens.default(requestDefaults.ubatchSize),
    cacheTypeK: settingsShape.cacheTypeK.default(requestDefaults.cacheTypeK),
    cacheTypeV: settingsShape.cacheTypeV.default(requestDefaults.cacheTypeV),
    flashAttention: settingsShape.flashAttention.default(requestDefaults.flashAttention),
    kvUnified: z.boolean().default(requestDefaults.kvUnified),
    swaFull: z.boolean().default(requestDefaults.swaFull),
    offloadKqv: z.boolean().default(requestDefaults.offloadKqv),
    opOffload: z.boolean().default(requestDefaults.opOffload),
    splitMode: settingsShape.splitMode.default(requestDefaults.splitMode),
    margin: bytesSchema.default(requestDefaults.margin),
    deviceMargins: settingsShape.deviceMargins,
    exl2Cache: settingsShape.exl2Cache,
  })
  .strict()
  .meta({ id: 'RunRequest' }) satisfies SchemaOf<RunRequest>

/** As it is asked: what margin the team keeps need not be said. */
export const askedRequestSchema = requestSchema
  .extend({
    margin: bytesSchema.optional().meta({ description: 'The team’s margin when left out (`GET /team`).' }),
  })
  .meta({ id: 'AskedRequest' })

export type AskedRequest = z.output<typeof askedRequestSchema>

const settingsSchema = z
  .object({
    ...settingsShape,
    outputsMax: z.number().int().min(0),
    pipelineAllowed: z.boolean(),
    pipelineCopies: z.number().int().exactOptional(),
    toldMargins: listOf(bytesSchema).exactOptional(),
    tiedOutputOnHost: z.literal(true).exactOptional(),
    llamaCppBuild: z.number().int().exactOptional(),
  })
  .meta({ id: 'RunSettings' }) satisfies SchemaOf<RunSettings>

export const placeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('device'), device: deviceIdSchema }),
    z.object({ kind: z.literal('host') }),
  ])
  .meta({ id: 'Place' }) satisfies z.ZodType<Place>

const overrideSchema = z
  .object({
    pattern: z.string(),
    place: z.number().int().min(-1),
  })
  .meta({ id: 'TensorOverride' }) satisfies SchemaOf<TensorOverride>

export const splitSchema = z
  .object({
    devices: listOf(z.object({ device: deviceIdSchema, layers: z.number().int().min(0) })),
    tensor: z.literal(true).exactOptional(),
    hostBlocks: z.number().int().min(0),
    expertsOnHost: z.number().int().min(0),
    overrides: listOf(overrideSchema),
  })
  .meta({ id: 'LayerSplit' }) satisfies SchemaOf<LayerSplit>

const certainty = z.enum(['exact', 'upper-bound', 'assumed'])

const placeMemorySchema = z
  .object({
    place: placeSchema,
    model: bytesSchema,
    context: bytesSchema,
    compute: bytesSchema,
    overhead: bytesSchema,
    atFirstPrompt: bytesSchema,
    required: bytesSchema,
    capacity: bytesSchema,
    capacityUnknown: z.literal(true).exactOptional(),
    used: bytesSchema,
    reserved: bytesSchema.exactOptional(),
    margin: bytesSchema,
    headroom: signedBytesSchema,
    certainty: z.object({ model: certainty, context: certainty, compute: certainty, overhead: certainty }),
  })
  .meta({ id: 'PlaceMemory' }) satisfies SchemaOf<PlaceMemory>

export const placementSchema = z
  .object({
    machine: machineIdSchema,
    model: z.string(),
    engine: engineSchema,
    engineVersion: z.string(),
    settings: settingsSchema,
    split: splitSchema,
    memory: listOf(placeMemorySchema),
    pipelineParallel: z.boolean(),
    flashAttention: z.boolean(),
    exl2: toldSchema.exactOptional(),
  })
  .meta({ id: 'Placement' }) satisfies SchemaOf<Placement>

const code = <Code extends Reason['code'] | Remedy['code']>(value: Code) => z.literal(value)

const shortageShape = {
  place: placeSchema,
  requested: bytesSchema,
  used: bytesSchema,
  reserved: bytesSchema.exactOptional(),
  margin: bytesSchema,
  capacity: bytesSchema,
  spills: z.literal(true).exactOptional(),
}

export const reasonSchema = z
  .discriminatedUnion('code', [
    z.object({ code: code('insufficient-memory'), ...shortageShape }),
    z.object({
      code: code('insufficient-memory-at-first-prompt'),
      ...shortageShape,
      loaded: bytesSchema,
      cause: z.string(),
      causeBytes: bytesSchema,
    }),
    z.object({ code: code('no-devices'), machine: machineIdSchema }),
    z.object({ code: code('host-memory-unknown'), requested: bytesSchema }),
    z.object({ code: code('format-not-readable'), format: z.string(), engine: engineSchema }),
    z.object({ code: code('architecture-not-supported'), architecture: z.string(), engine: engineSchema }),
    z.object({
      code: code('setting-not-supported'),
      setting: z.string(),
      value: z.string(),
      because: z.enum(settingRefusals),
    }),
    z.object({ code: code('too-many-devices'), limit: z.number().int(), devices: z.number().int() }),
    z.object({ code: code('context-beyond-limit'), requested: z.number(), limit: z.number() }),
    z.object({
      code: code('value-out-of-range'),
      setting: z.string(),
      value: z.number(),
      minimum: z.number(),
      maximum: z.number(),
    }),
    z.object({ code: code('split-does-not-cover-layers'), layers: z.number().int(), expected: z.number().int() }),
    z.object({
      code: code('device-not-usable'),
      device: deviceIdSchema,
      because: z.enum([
        'unknown-device',
        'named-twice',
        'out-of-order',
        'mig-parent',
        'mig-slice-with-others',
        'other-backend',
        'backend-not-supported',
      ]),
    }),
  ])
  .meta({ id: 'Reason' }) satisfies z.ZodType<Reason>

export const remedyCostSchema = z.enum([
  'nothing',
  'context',
  'slots',
  'quality',
  'prompt-speed',
  'generation-speed',
]) satisfies z.ZodType<RemedyCost>

export const remedySchema = z
  .discriminatedUnion('code', [
    z.object({ code: code('reduce-context'), contextLength: z.number().int() }),
    z.object({ code: code('quantize-cache'), cacheType: z.enum(['q8_0', 'q4_0']) }),
    z.object({ code: code('exl2-cache'), cacheMode: z.enum(exl2CacheModes) }),
    z.object({ code: code('reduce-ubatch'), ubatchSize: z.number().int() }),
    z.object({ code: code('reduce-chunk'), batchSize: z.number().int() }),
    z.object({ code: code('reduce-parallel'), parallel: z.number().int() }),
    z.object({ code: code('experts-on-host'), expertsOnHost: z.number().int() }),
    z.object({ code: code('blocks-on-host'), hostBlocks: z.number().int() }),
    z.object({ code: code('smaller-file'), name: z.string() }),
    z.object({ code: code('cache-on-host') }),
    z.object({ code: code('flash-attention') }),
  ])
  .meta({ id: 'Remedy' }) satisfies z.ZodType<Remedy>
