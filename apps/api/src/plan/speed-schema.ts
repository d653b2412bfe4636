import type { SpeedBasis, SpeedEstimate } from '@berth/core'
import { z } from 'zod'
import { bytesSchema, listOf, type SchemaOf } from '../schema-parts.ts'
import { placeSchema } from './verdict-schema.ts'

const rate = z.number().min(0)
const tokensPerSecond = z.object({ low: rate, high: rate }).meta({ description: 'Tokens a second.' })

const peakSchema = z.object({ perSecond: rate, from: z.enum(['typed', 'catalogue', 'assumed']) })

const phaseShape = {
  phase: z.enum(['generation', 'prompt']),
  tokens: z.number().int().min(1).meta({ description: 'Of one pass.' }),
  share: z.number().min(0).meta({ description: 'Of the time of the pass, 0 to 1.' }),
}

const basisSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('work'),
      ...phaseShape,
      place: placeSchema,
      weightBytes: bytesSchema,
      cacheBytes: bytesSchema,
      flops: rate,
      bound: z.enum(['memory-bandwidth', 'compute', 'launches']),
    }),
    z.object({
      kind: z.literal('transfer'),
      ...phaseShape,
      from: placeSchema,
      to: placeSchema,
      carries: z.enum(['activations', 'weights']),
      link: z.string(),
      throughHost: z.literal(true).meta({ description: 'Copied to host memory and from there on.' }).exactOptional(),
      peak: peakSchema,
      bytes: bytesSchema,
      trips: z.number().int().min(0),
    }),
    z.object({
      kind: z.literal('peak'),
      place: placeSchema,
      figure: z.enum(['memory-bandwidth', 'compute']),
      peak: peakSchema,
      reached: z.object({ low: rate, high: rate }),
      measuredOn: z.string().exactOptional(),
    }),
  ])
  .meta({ id: 'SpeedBasis' }) satisfies z.ZodType<SpeedBasis>

const estimateSchema = z.object({
  prompt: tokensPerSecond,
  generation: z.object({ oneSlot: tokensPerSecond, allSlots: tokensPerSecond }),
  basis: listOf(basisSchema),
  certainty: z.enum(['estimated', 'assumed']),
}) satisfies SchemaOf<SpeedEstimate>

/** The core's estimate, with its basis in sentences. */
export const speedSchema = z
  .object({
    ...estimateSchema.shape,
    explanation: listOf(z.string()),
    warnings: listOf(z.string()).meta({ description: 'What of the machine the placement is slower for.' }),
  })
  .meta({ id: 'Speed', description: 'An estimate, as ranges: from a full context to an empty one.' })
