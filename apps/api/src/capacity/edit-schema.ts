import { type CardOrigin, MAX_EDITED_DEVICES } from '@berth/core'
import { z } from 'zod'
import { bytesSchema, deviceIdSchema } from '../schema-parts.ts'

/** More cards than any computer takes at once. */
const MAX_ADDED = 32
const MAX_EDITS = 8
/** 4 TiB: more than boards take. */
const MAX_HOST_MEMORY = 2 ** 42

const cardInput = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('catalogue'),
      gpu: z.string().min(1).max(200).meta({ description: 'An id of `GET /catalogue/gpus`.' }),
    }),
    z.object({
      kind: z.literal('device'),
      device: deviceIdSchema.meta({ description: 'Another of the same kind as this device of the machine.' }),
    }),
  ])
  .meta({ id: 'Card' }) satisfies z.ZodType<CardOrigin>

/** As many as a machine has at most. */
const devices = z
  .array(deviceIdSchema)
  .min(1)
  .max(MAX_EDITED_DEVICES)
  .refine((ids) => new Set(ids).size === ids.length, 'must name each device once')
  .readonly()

/** A change of what a machine is built of, as it is asked for and as an answer gives it. */
export const editSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('add-cards'), card: cardInput, count: z.number().int().min(1).max(MAX_ADDED) }),
    z.object({ kind: z.literal('remove-cards'), devices }),
    z.object({
      kind: z.literal('replace-cards'),
      devices: devices.optional().meta({ description: 'All of the machine’s when left out.' }),
      card: cardInput,
    }),
    z.object({
      kind: z.literal('add-host-memory'),
      added: bytesSchema.refine((size) => size > 0 && size <= MAX_HOST_MEMORY, 'must be 1 byte to 4 TiB'),
    }),
  ])
  .meta({ id: 'MachineEdit' })

export type EditInput = z.output<typeof editSchema>

export const editsInput = z.array(editSchema).min(1).max(MAX_EDITS).readonly()
