import { z } from 'zod'
import { isPlainText, listOf, nameSchema, timeSchema } from '../schema-parts.ts'

/** Lists that can be saved. */
const listSchema = z.enum(['machines']).meta({ description: 'The list that it is a view of.' })

/** Longer addresses are cut by proxies and mail. */
const MAX_QUERY = 2000
/** More are not told apart above a list. */
export const MAX_VIEWS = 100

const querySchema = z
  .string()
  .max(MAX_QUERY)
  .refine(isPlainText, 'must hold no control characters')
  .meta({ description: 'The query of the list’s address, as `site=Berlin&sort=-free`; without the question mark.' })

const viewId = z.string().regex(/^[\w-]{1,64}$/, 'must be an id')

export const viewView = z
  .object({
    id: z.string(),
    list: listSchema,
    name: z.string(),
    query: z.string(),
    ignored: listOf(z.object({ name: z.string(), value: z.string() })).meta({
      description: 'Parameters of the query that this version does not know, or not with this value.',
    }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'View' })

export type View = z.output<typeof viewView>

export const listViewsInput = z.object({ list: listSchema })
export const listViewsOutput = z.object({ items: listOf(viewView) })
export const createViewInput = z.object({ list: listSchema, name: nameSchema, query: querySchema })
export const viewInput = z.object({ id: viewId })
export const updateViewInput = z
  .object({ id: viewId, name: nameSchema.optional(), query: querySchema.optional() })
  .refine(({ name, query }) => name !== undefined || query !== undefined, {
    path: ['name'],
    message: 'must be given, or query be',
  })
