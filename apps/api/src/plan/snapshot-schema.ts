import type { Inventory, PlaceBytes, ReliedDevice } from '@berth/core'
import { z } from 'zod'
import { backendSchema } from '../machine/schema.ts'
import { bytesSchema, deviceIdSchema, listOf, type SchemaOf } from '../schema-parts.ts'
import { placeSchema, splitSchema } from './verdict-schema.ts'

const reliedPlace = { memoryTotal: bytesSchema, held: bytesSchema, needed: bytesSchema }

const reliedDevice = z.object({
  id: deviceIdSchema,
  index: z.number().int().min(0),
  name: z.string(),
  backend: backendSchema,
  uuid: z.string().exactOptional(),
  pciBusId: z.string().exactOptional(),
  architecture: z.string().exactOptional(),
  ...reliedPlace,
}) satisfies SchemaOf<ReliedDevice>

/** As it is stored; a field that the core adds is an error here until it is added. */
export const inventorySchema = z.object({
  driverVersion: z.string().exactOptional(),
  maintenance: z.boolean(),
  devices: listOf(reliedDevice),
  host: z.object(reliedPlace).exactOptional(),
  split: splitSchema.exactOptional(),
  offloadKqv: z.boolean().exactOptional(),
}) satisfies SchemaOf<Inventory>

export const placeBytesSchema: z.ZodType<readonly PlaceBytes[]> = listOf(
  z.object({ place: placeSchema, bytes: bytesSchema }),
)
