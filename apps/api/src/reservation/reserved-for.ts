import { z } from 'zod'
import { modelRefSchema, planChoices } from '../plan/schema.ts'
import { engineSchema, requestSchema, splitSchema } from '../plan/verdict-schema.ts'

/** What bytes were worked out of, as it is stored beside them. */
export const reservedForSchema = z.object({
  /** The inputs of the plan; null where bytes were given. */
  inputs: z
    .object({
      model: modelRefSchema,
      engine: engineSchema,
      request: requestSchema,
      ...planChoices.shape,
    })
    .nullable(),
  modelName: z.string().nullable(),
  /** How the model is split over the places that are reserved. */
  split: splitSchema.nullable(),
})

export type ReservedFor = z.output<typeof reservedForSchema>

export const GIVEN: ReservedFor = { inputs: null, modelName: null, split: null }
