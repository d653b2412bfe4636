import type { AloneComparison, Holding } from '@berth/core'
import { z } from 'zod'
import { bytesSchema, listOf, type SchemaOf, signedBytesSchema } from '../schema-parts.ts'
import { placementSchema, reasonSchema, settingsShape } from './verdict-schema.ts'

const holdingSchema = z.object({
  layersOnDevices: z.number().int(),
  layersInPart: z.number().int().meta({ description: 'Of those, the ones with a part on the host or another device.' }),
  needsHost: z.boolean(),
  contextLength: settingsShape.contextLength,
  free: signedBytesSchema.meta({ description: 'On the fullest device that is used, its margin counted as free.' }),
  margin: bytesSchema,
}) satisfies SchemaOf<Holding>

const comparisonSchema = z.object({
  layerCount: z.number().int(),
  alone: holdingSchema,
  plan: holdingSchema,
}) satisfies SchemaOf<AloneComparison>

export const engineAloneSchema = z
  .object({
    outcome: z.enum(['unchanged', 'fitted', 'failed']).meta({
      description:
        'unchanged: it fits by the engine’s own count. fitted: it takes fewer layers or less context. failed: it gives up.',
    }),
    placement: placementSchema.meta({ description: 'What it would load, as Berth counts it.' }),
    reasons: listOf(reasonSchema).meta({ description: 'What makes it run out of memory; empty where it runs.' }),
    comparison: comparisonSchema.exactOptional().meta({ description: 'Beside the best plan, where one fits.' }),
    explanation: z.string().exactOptional().meta({ description: 'What differs, in a sentence.' }),
  })
  .meta({ id: 'EngineAlone' })
