import { ApiError, notFound } from '../errors.ts'
import { removedSchema } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { procedure, router } from '../trpc.ts'
import { createView, listViews, removeView, updateView } from './repository.ts'
import {
  createViewInput,
  listViewsInput,
  listViewsOutput,
  MAX_VIEWS,
  updateViewInput,
  viewInput,
  viewView,
} from './schema.ts'

const tags = ['views']

export const viewRouter = router({
  list: procedure
    .meta({ openapi: { method: 'GET', path: '/views', tags, summary: 'Saved views of a list' } })
    .input(listViewsInput)
    .output(listViewsOutput)
    .query(async ({ ctx, input }) => ({
      items: await listViews(ctx.services.database.client, ctx.teamId, input.list),
    })),

  create: procedure
    .meta({ openapi: { method: 'POST', path: '/views', tags, summary: 'Save a view of a list' }, status: 201 })
    .input(createViewInput)
    .output(viewView)
    .mutation(({ ctx, input }) =>
      inTransaction(ctx, async (db) => {
        const { length } = await listViews(db, ctx.teamId, input.list)
        if (length >= MAX_VIEWS) {
          throw new ApiError('limit-exceeded', `A list has ${MAX_VIEWS} views at most.`, {
            data: { field: 'list', limit: MAX_VIEWS },
          })
        }
        return createView(db, ctx.teamId, input)
      }),
    ),

  update: procedure
    .meta({
      openapi: { method: 'PATCH', path: '/views/{id}', tags, summary: 'Rename a view, or save another query in it' },
    })
    .input(updateViewInput)
    .output(viewView)
    .mutation(({ ctx, input: { id, ...change } }) =>
      inTransaction(ctx, async (db) => {
        const view = await updateView(db, { teamId: ctx.teamId, id }, change)
        if (view === undefined) throw notFound('view', id)
        return view
      }),
    ),

  remove: procedure
    .meta({ openapi: { method: 'DELETE', path: '/views/{id}', tags, summary: 'Remove a view' } })
    .input(viewInput)
    .output(removedSchema)
    .mutation(async ({ ctx, input: { id } }) => {
      if (!(await removeView(ctx.services.database.client, { teamId: ctx.teamId, id }))) throw notFound('view', id)
      return { id }
    }),
})
