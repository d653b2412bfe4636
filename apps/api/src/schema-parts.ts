import { type Bytes, type DeviceId, type MachineId, type ModelId, type ReservationId, type Tokens } from '@berth/core'
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

/** As a query gives it: all of it is text. */
export const sizeInQuery = z.coerce.number<number>().pipe(bytesSchema)

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

/**
 * Control characters, halves of surrogate pairs, and what turns the direction of writing: a screen would be misled by
 * them, and databases disagree about them (PostgreSQL stores no NUL, SQLite ends the text there).
 */
export const isPlainText = (value: string): boolean => !/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u.test(value)

const PLAIN_TEXT = 'must hold no control characters'

/** Longer explanations belong where the work is tracked. */
export const noteSchema = z.string().trim().min(1).max(500).refine(isPlainText, PLAIN_TEXT)

export const nameSchema = z.string().trim().min(1).max(200).refine(isPlainText, PLAIN_TEXT)

/** Ids are made by the server; anything that looks like one is simply not found. */
const idText = z.string().regex(/^[\w-]{1,64}$/, 'must be an id')

export const machineIdSchema = idText as unknown as z.ZodType<MachineId, string>
export const modelIdSchema = idText as unknown as z.ZodType<ModelId, string>
export const deviceIdSchema = z.string().max(400) as unknown as z.ZodType<DeviceId, string>
export const givenDeviceIdSchema = z.string().min(1).max(400).refine(isPlainText, PLAIN_TEXT) as unknown as z.ZodType<
  DeviceId,
  string
>
export const planIdSchema = idText
export const reservationIdSchema = idText as unknown as z.ZodType<ReservationId, string>
export const tokenIdSchema = idText

/** The core's arrays are readonly; the OpenAPI document need not say so. */
export const listOf = <Item extends z.ZodType>(item: Item, limit?: number) =>
  (limit === undefined ? z.array(item) : z.array(item).max(limit)) as unknown as z.ZodType<
    readonly z.output<Item>[],
    readonly z.input<Item>[]
  >

export const timeSchema = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' })

/** A query is read with `true` and `false` as such: where text is wanted, they are words again. */
const asWord = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : value)

/** Text in a query. */
export const textInQuery = (schema: z.ZodType<string, string>) =>
  z.preprocess(asWord, schema) as unknown as z.ZodType<string, string>

/** A parameter that may be there several times: `site=Berlin&site=Hamburg`. */
export const listInQuery = <Item extends string>(item: z.ZodType<Item, string>, limit: number) =>
  z.preprocess(
    (value) => (value === undefined ? undefined : [value].flat().map(asWord)),
    z.array(item).max(limit),
  ) as unknown as z.ZodType<readonly Item[], Item | readonly Item[]>

/** What a list takes: how many, and after which. */
export const pageInput = z.object({
  limit: z.coerce.number<number>().int().min(1).max(1000).default(50).meta({ description: 'How many at most.' }),
  cursor: idText.optional().meta({ description: '`nextCursor` of the page before.' }),
})

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: listOf(item), nextCursor: z.string().nullable().meta({ description: 'Null on the last page.' }) })

export const removedSchema = z.object({ id: z.string() })
