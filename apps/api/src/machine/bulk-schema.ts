import { MAX_LABELS } from '@berth/core'
import { z } from 'zod'
import { messageSchema } from '../history/schema.ts'
import { listOf, machineIdSchema, nameSchema, noteSchema } from '../schema-parts.ts'
import { strictFilterInput } from './filter-schema.ts'
import { labelKeySchema, labelsSchema } from './labels-schema.ts'

/** As many as one list holds; each is written in one transaction. */
export const MAX_BULK = 1000

const selection = {
  ids: listOf(machineIdSchema, MAX_BULK).optional().meta({ description: 'These machines.' }),
  filter: strictFilterInput.optional().meta({ description: 'Or all that pass this filter of the list.' }),
  expectedCount: z
    .number()
    .int()
    .min(0)
    .max(MAX_BULK)
    .optional()
    .meta({ description: 'How many the filter has shown: where it now finds another number, nothing is changed.' }),
}

type Selection = Pick<z.output<z.ZodObject<typeof selection>>, keyof typeof selection>

const isSelection = ({ ids, filter, expectedCount }: Selection): boolean =>
  ids === undefined ? filter !== undefined && expectedCount !== undefined : filter === undefined

const SELECTION = { path: ['ids'], message: 'must be given, or a filter with the expectedCount that it has shown' }

export const updateManyInput = z
  .object({
    ...selection,
    site: nameSchema.nullable().optional().meta({ description: 'Where they stand; null to clear it.' }),
    owner: nameSchema.nullable().optional().meta({ description: 'Who looks after them; null to clear it.' }),
    addLabels: labelsSchema.optional().meta({ description: 'Labels they are to have besides; of one name, this one.' }),
    removeLabels: listOf(labelKeySchema, MAX_LABELS)
      .optional()
      .meta({ description: 'Names of labels they are not to have any more.' }),
    maintenance: z.boolean().optional().meta({ description: 'Whether they are to be left out of planning.' }),
    note: noteSchema.nullable().optional().meta({ description: 'Why they are in maintenance.' }),
    message: messageSchema,
  })
  .refine(isSelection, SELECTION)
  .refine(
    ({ site, owner, addLabels, removeLabels, maintenance }) =>
      [site, owner, addLabels, removeLabels, maintenance].some((value) => value !== undefined),
    { path: ['site'], message: 'must be given, or owner, addLabels, removeLabels or maintenance be' },
  )
  .refine(({ maintenance, note }) => maintenance === true || note === undefined, {
    path: ['note'],
    message: 'goes with maintenance: true only',
  })

export const updateManyOutput = z.object({
  ids: listOf(z.string()).meta({ description: 'Of the machines that were changed.' }),
  unchanged: z.number().int().meta({ description: 'How many were so already.' }),
})

export const removeManyInput = z
  .object({
    ...selection,
    message: messageSchema,
    withPlans: z.boolean().default(false).meta({ description: 'Also remove the plans on them.' }),
  })
  .refine(isSelection, SELECTION)

export const removeManyOutput = z.object({ ids: listOf(z.string()), removedPlans: z.number().int() })
