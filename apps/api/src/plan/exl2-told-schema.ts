import {
  exl2CacheModes,
  type Exl2Run,
  type Exl2Settings,
  type Exl2Told,
  type Exl3Settings,
  type GpuSplit,
} from '@berth/core'
import { z } from 'zod'
import { bytesSchema, listOf, type SchemaOf, tokensSchema } from '../schema-parts.ts'

const someTokens = tokensSchema({ min: 0, max: 2 ** 31 })

const exl2SettingsSchema = z
  .object({
    maxSeqLen: someTokens,
    cacheTokens: someTokens,
    cacheBatchSize: z.number().int(),
    cacheMode: z.enum(exl2CacheModes),
    maxInputLen: someTokens,
    maxBatchSize: z.number().int(),
    maxAttentionSize: z.number(),
    maxOutputLen: someTokens.exactOptional(),
    flashAttention: z.boolean(),
  })
  .meta({ id: 'Exl2Settings' }) satisfies SchemaOf<Exl2Settings>

const bits = z.number().int().min(2).max(8)

const exl3SettingsSchema = z
  .object({
    cacheTokens: someTokens,
    cacheBits: z.object({ keys: bits, values: bits }).exactOptional(),
    maxChunkSize: someTokens,
    maxOutputSize: someTokens,
    maxOutputFactor: z.number(),
  })
  .meta({ id: 'Exl3Settings' }) satisfies SchemaOf<Exl3Settings>

const runSchema = z.discriminatedUnion('format', [
  z.object({ format: z.literal('exl2'), settings: exl2SettingsSchema }),
  z.object({ format: z.literal('exl3'), settings: exl3SettingsSchema }),
]) satisfies z.ZodType<Exl2Run>

const gpuSplitSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('auto'),
    reserve: listOf(bytesSchema).meta({ description: 'What stays free on each device while it loads.' }),
  }),
  z.object({
    kind: z.literal('manual'),
    gigabytes: listOf(z.number()).meta({ description: 'As `-gs` takes them: 2^30 bytes each.' }),
  }),
]) satisfies z.ZodType<GpuSplit>

/** What an ExLlama engine is told of a placement. */
export const toldSchema = z
  .object({
    run: runSchema,
    split: gpuSplitSchema,
    modules: listOf(z.number().int().min(0)).meta({ description: 'Of each device, in load order.' }),
  })
  .meta({ id: 'Exl2Told' }) satisfies SchemaOf<Exl2Told>
