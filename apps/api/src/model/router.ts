import { isExl2Header } from '@berth/core'
import { notFound } from '../errors.ts'
import { requireUnused } from '../plan/in-use.ts'
import { removePlansOn } from '../plan/repository.ts'
import { removedSchema } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { importProcedure, procedure, router } from '../trpc.ts'
import { importModel } from './import.ts'
import { plainHeader } from './plain-header.ts'
import { findModel, listModels, removeModel } from './repository.ts'
import { describeStored } from './stored-header.ts'
import {
  importModelInput,
  importModelOutput,
  listModelsInput,
  listModelsOutput,
  modelDetail,
  modelInput,
  removeModelInput,
} from './schema.ts'

const tags = ['models']

export const modelRouter = router({
  list: procedure
    .meta({ openapi: { method: 'GET', path: '/models', tags, summary: 'List models' } })
    .input(listModelsInput)
    .output(listModelsOutput)
    .query(({ ctx, input }) => listModels(ctx.services.database.client, ctx.teamId, input)),

  get: procedure
    .meta({ openapi: { method: 'GET', path: '/models/{id}', tags, summary: 'One model, with its header' } })
    .input(modelInput)
    .output(modelDetail)
    .query(async ({ ctx, input: { id } }) => {
      const found = await findModel(ctx.services.database.client, ctx.teamId, id)
      if (found === undefined) throw notFound('model', id)
      const { view, header } = found
      return { ...view, ...(isExl2Header(header) ? { exl2: describeStored(header) } : { header: plainHeader(header) }) }
    }),

  import: importProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/models/import',
        tags,
        summary: 'Read a model by the header of its file or folder',
      },
    })
    .input(importModelInput)
    .output(importModelOutput)
    .mutation(async ({ ctx, input: { address, token }, signal }) =>
      importModel(ctx, await ctx.services.readModel(address, { token, signal })),
    ),

  remove: procedure
    .meta({ openapi: { method: 'DELETE', path: '/models/{id}', tags, summary: 'Remove a model' } })
    .input(removeModelInput)
    .output(removedSchema)
    .mutation(({ ctx, input: { id, withPlans } }) =>
      inTransaction(ctx, async (db) => {
        const plans = { modelIds: [id] }
        if (withPlans) await removePlansOn(db, ctx.teamId, plans)
        else await requireUnused(db, ctx.teamId, plans)
        if (!(await removeModel(db, ctx.teamId, id))) throw notFound('model', id)
        return { id }
      }),
    ),
})
