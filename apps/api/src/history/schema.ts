import { z } from 'zod'
import { listOf, machineIdSchema, noteSchema, pageInput, pageOf, timeSchema } from '../schema-parts.ts'

export const changeActions = [
  'created',
  'imported',
  'reported',
  'updated',
  'overridden',
  'restored',
  'device-forgotten',
  'removed',
  'reserved',
  'reservation-changed',
  'reservation-released',
] as const

export type ChangeAction = (typeof changeActions)[number]

export const differenceSchema = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

export type Difference = z.output<typeof differenceSchema>

/** Every operation that changes a machine takes it. */
export const messageSchema = noteSchema
  .optional()
  .meta({ description: 'Why, for the history: 500 characters at most.' })

/** A row may list a hundred differences: more of them at once would be read by nobody. */
const MAX_PAGE = 100

const changesPage = z.object({
  ...pageInput.shape,
  limit: z.coerce.number<number>().int().min(1).max(MAX_PAGE).default(50).meta({ description: 'How many at most.' }),
})

export const changeView = z
  .object({
    id: z.string(),
    machineId: machineIdSchema,
    machineName: z.string().meta({ description: 'As the machine was called then.' }),
    machineRemoved: z.boolean().meta({ description: 'Whether the machine is gone by now.' }),
    action: z.enum(changeActions),
    source: z.string().meta({ description: '`page`, `api`, or what else did it: a registration token by its name.' }),
    message: z.string().nullable().meta({ description: 'Why, as it was typed.' }),
    differences: listOf(differenceSchema),
    differencesOmitted: z.number().int().meta({ description: 'How many more there were than are listed.' }),
    requestId: z.string().meta({ description: 'All changes of one request have one.' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'Change' })

export type ChangeView = z.output<typeof changeView>

export const changesOutput = pageOf(changeView)
export const machineHistoryInput = z.object({ id: machineIdSchema, ...changesPage.shape })
export const listChangesInput = z.object({
  ...changesPage.shape,
  machineId: machineIdSchema.optional().meta({ description: 'Of one machine, removed or not.' }),
  action: z.enum(changeActions).optional(),
  since: timeSchema.optional(),
})
