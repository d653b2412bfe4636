import { inventoryOfPromise, type PlaceBytes } from '@berth/core'
import { z } from 'zod'
import type { MachineView } from '../machine/schema.ts'
import { modelRefSchema, planChoices } from '../plan/schema.ts'
import { inventorySchema } from '../plan/snapshot-schema.ts'
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
  /** What it relied on of its machine when it was written; added then. */
  inventory: inventorySchema.exactOptional(),
})

export type ReservedFor = z.output<typeof reservedForSchema>

/** With what it relies on of the machine that it is written on. */
export const reliedOn = (
  reservedFor: ReservedFor,
  machine: MachineView,
  memory: readonly PlaceBytes[],
): ReservedFor => ({ ...reservedFor, inventory: inventoryOfPromise(machine, memory, reservedFor.split) })

export const GIVEN: ReservedFor = { inputs: null, modelName: null, split: null }
