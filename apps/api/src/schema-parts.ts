import { type Bytes, type DeviceId, type MachineId, type ModelId, type Tokens } from '@berth/core'
import { z } from 'zod'

/**
 * The parts that the schemas of the nouns are made of. Where the core brands a number or a text, so does the schema's
 * output, so that what a client receives is the core's own type; plain values go in.
 */
export const bytesSchema = z
  .number()
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ description: 'A size in bytes.' }) as unknown as z.ZodType<Bytes, number>

/** A schema with every field of a type of the core, so that a field added there is not dropped here. */
export type SchemaOf<Type> = z.ZodType<Type> & { readonly shape: Record<keyof Type, z.ZodType> }

/** Headroom is negative where something does not fit. */
export const signedBytesSchema = z
  .number()
  .int()
  .min(Number.MIN_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ description: 'A size in bytes; negative for what is lacking.' }) as unknown as z.ZodType<Bytes, number>

export const tokensSchema = (limits: { readonly min: number; readonly max: number }) =>
  z.number().int().min(limits.min).max(limits.max).meta({ description: 'A number of tokens.' }) as unknown as z.ZodType<
    Tokens,
    number
  >

/** Control characters have no place in a name, and PostgreSQL stores no NUL at all. */
const CONTROL = /\p{Cc}/u

export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((value) => !CONTROL.test(value), 'must hold no control characters')

/** Ids are made by the server; anything else is simply not found, but must not be of any size. */
const idText = z.string().min(1).max(64)

export const machineIdSchema = idText as unknown as z.ZodType<MachineId, string>
export const modelIdSchema = idText as unknown as z.ZodType<ModelId, string>
export const deviceIdSchema = z.string().max(200) as unknown as z.ZodType<DeviceId, string>
export const planIdSchema = idText

/** The core's arrays are readonly; the OpenAPI document need not say so. */
export const listOf = <Item extends z.ZodType>(item: Item, limit?: number) =>
  (limit === undefined ? z.array(item) : z.array(item).max(limit)) as unknown as z.ZodType<
    readonly z.output<Item>[],
    readonly z.input<Item>[]
  >

export const timeSchema = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' })

/** What a list takes: how many, and after which. */
export const pageInput = z.object({
  limit: z.coerce.number<number>().int().min(1).max(1000).default(50).meta({ description: 'How many at most.' }),
  cursor: z.string().max(64).optional().meta({ description: '`nextCursor` of the page before.' }),
})

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: listOf(item), nextCursor: z.string().nullable().meta({ description: 'Null on the last page.' }) })

export const removedSchema = z.object({ id: z.string() })
