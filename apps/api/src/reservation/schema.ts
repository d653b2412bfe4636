import { reservationStates } from '@berth/core'
import { z } from 'zod'
import { driftDetail, driftFlag } from '../drift/schema.ts'
import { messageSchema } from '../history/schema.ts'
import { knowsVersion, placeSchema, versionUnknown } from '../plan/verdict-schema.ts'
import { namesOther, otherMissing, planInputs } from '../plan/schema.ts'
import {
  bytesSchema,
  listInQuery,
  listOf,
  machineIdSchema,
  nameSchema,
  pageInput,
  pageOf,
  planIdSchema,
  reservationIdSchema,
  timeSchema,
} from '../schema-parts.ts'

/** As many devices as a machine may have, and its host. */
const MAX_PLACES = 129
/** Longer than any machine lives. */
export const MAX_WINDOW_YEARS = 10
/** A packing of a large lab; all are judged in one transaction, which must stay short. */
export const MAX_RESERVATIONS_AT_ONCE = 100
/** Chosen values of one filter: more than a person ticks. */
const MAX_VALUES = 100

const startSchema = timeSchema.meta({ description: 'The first moment of it; one that is past is now.' })
const endSchema = timeSchema.nullable().meta({ description: 'The first moment after it; null for no end.' })
const indexSchema = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'Stands for the machine and what is reserved on it; any change makes it another.' })
const givenIndex = indexSchema
  .optional()
  .meta({ description: 'As a dry run gave it: when it is out of date, nothing is done and the answer is 409.' })
const revisionGiven = z
  .number()
  .int()
  .min(1)
  .optional()
  .meta({ description: 'As it was read: when it has been changed since, nothing is done and the answer is 409.' })

const placeBytes = z.object({
  place: placeSchema,
  bytes: bytesSchema.refine((size) => size > 0, 'must be more than nothing'),
})
const placesSchema = listOf(placeBytes, MAX_PLACES)
  .refine((memory) => memory.length > 0, 'must name a place')
  .meta({ description: 'Bytes of each place, each named once.' })

/** What bytes are reserved: worked out of a plan, or given. */
const whatSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('plan'), planId: planIdSchema }),
    z
      .object({ kind: z.literal('inputs'), ...planInputs })
      .refine(namesOther, otherMissing)
      .refine(knowsVersion, versionUnknown),
    z.object({ kind: z.literal('memory'), machineId: machineIdSchema, memory: placesSchema }),
  ])
  .meta({ description: 'A saved plan, judged anew; the inputs of one; or bytes as they are given.' })

export type ReservedWhat = z.output<typeof whatSchema>

/** One reservation as it is asked for. */
const askedReservation = z.object({
  what: whatSchema,
  owner: nameSchema.meta({ description: 'The person or group it is for.' }),
  purpose: nameSchema.meta({ description: 'What it is for; other reservations’ conflicts name it by this.' }),
  startsAt: startSchema.optional(),
  endsAt: endSchema.default(null),
  inventoryIndex: givenIndex,
})

export type AskedReservation = z.output<typeof askedReservation>

export const createReservationInput = z.object({ ...askedReservation.shape, message: messageSchema })

export const createReservationsInput = z.object({
  reservations: z
    .array(askedReservation)
    .min(1)
    .max(MAX_RESERVATIONS_AT_ONCE)
    .readonly()
    .meta({ description: 'In this order: what one takes, the next ones do not find free.' }),
  message: messageSchema,
})

const reservedMemory = z.object({ place: placeSchema, name: z.string(), bytes: bytesSchema })
const machineOf = z.object({ id: machineIdSchema, name: z.string() })

export const reservationView = z
  .object({
    id: reservationIdSchema,
    purpose: z.string(),
    owner: z.string(),
    state: z.enum(reservationStates).meta({ description: 'By the server’s clock, when it was asked.' }),
    machine: machineOf,
    plan: z
      .object({ id: planIdSchema, name: z.string() })
      .nullable()
      .meta({ description: 'The saved plan it was made of, while that is there.' }),
    model: z.string().nullable().meta({ description: 'Null where bytes were given instead of a model.' }),
    engine: z.string().nullable(),
    memory: listOf(reservedMemory),
    startsAt: timeSchema.meta({
      description: 'Since when it holds these places; a move while it is active is a start.',
    }),
    endsAt: endSchema,
    releasedAt: timeSchema.nullable().meta({ description: 'When it was given back; null while it was not.' }),
    drift: driftFlag,
    revision: z.number().int().meta({ description: 'Counts its changes, from 1.' }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Reservation' })

export type ReservationView = z.output<typeof reservationView>

/** What a write answers: the index is then of what was written. */
export const writtenReservation = z.object({
  ...reservationView.shape,
  warnings: listOf(z.string()),
  inventoryIndex: indexSchema,
})

export const createReservationsOutput = z.object({ reservations: listOf(writtenReservation) })

export const conflictView = z
  .object({
    place: placeSchema,
    name: z.string(),
    requested: bytesSchema,
    reserved: bytesSchema.meta({ description: 'What others hold at the worst moment.' }),
    capacity: bytesSchema,
    short: bytesSchema,
    at: timeSchema.meta({ description: 'The worst moment.' }),
    reservations: listOf(
      z.object({
        id: reservationIdSchema,
        purpose: z.string(),
        owner: z.string(),
        bytes: bytesSchema,
        startsAt: timeSchema,
        endsAt: endSchema,
      }),
    ).meta({ description: 'Who holds it then, the most first; none where the place is too small by itself.' }),
    explanation: z.string(),
  })
  .meta({ id: 'ReservationConflict' })

export const dryRunOutput = z.object({
  allowed: z.boolean(),
  machine: machineOf,
  model: z.string().nullable(),
  engine: z.string().nullable(),
  memory: listOf(
    z.object({
      ...reservedMemory.shape,
      capacity: bytesSchema,
      reserved: bytesSchema.meta({ description: 'The most that others hold in one moment of the window.' }),
    }),
  ),
  startsAt: timeSchema,
  endsAt: endSchema,
  conflicts: listOf(conflictView),
  fitsFrom: timeSchema.nullable().meta({
    description: 'The earliest start at which it would fit for as long; null where none is.',
  }),
  explanation: listOf(z.string()).meta({ description: 'Why it is not allowed, a sentence each; empty where it is.' }),
  warnings: listOf(z.string()),
  inventoryIndex: indexSchema,
})

export const reservationInput = z.object({ id: reservationIdSchema })

const changeInput = { ...reservationInput.shape, revision: revisionGiven, message: messageSchema }

export const extendReservationInput = z.object({
  ...changeInput,
  endsAt: endSchema.meta({ description: 'The new end, later or earlier; null for none.' }),
})

export const moveReservationInput = z
  .object({
    ...changeInput,
    machineId: machineIdSchema.optional().meta({ description: 'Where it is when left out.' }),
    memory: placesSchema.optional().meta({
      description: 'Its places from now on. Left out, they stay, or are judged anew on another machine.',
    }),
    startsAt: startSchema.optional(),
    endsAt: endSchema.optional(),
    inventoryIndex: givenIndex.meta({ description: 'Of the machine that it moves to.' }),
  })
  .refine(
    ({ machineId, memory, startsAt, endsAt }) =>
      [machineId, memory, startsAt, endsAt].some((value) => value !== undefined),
    { path: ['machineId'], message: 'must be given, or memory, startsAt or endsAt be' },
  )

export const releaseReservationInput = z.object(changeInput)

export const listReservationsInput = z.object({
  ...pageInput.shape,
  machineId: listInQuery(machineIdSchema, MAX_VALUES).optional(),
  planId: planIdSchema.optional(),
  state: listInQuery(z.enum(reservationStates), reservationStates.length).optional(),
  owner: listInQuery(z.string().max(200), MAX_VALUES).optional(),
  from: timeSchema.optional().meta({ description: 'Not over before this.' }),
  to: timeSchema.optional().meta({ description: 'Begun before this.' }),
})

export const listReservationsOutput = pageOf(reservationView)

export const reservationDetail = z.object({
  ...reservationView.shape,
  drift: driftDetail,
  inventoryIndex: indexSchema,
})
