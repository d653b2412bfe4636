import { notFound } from '../errors.ts'
import { procedure, router } from '../trpc.ts'
import { isKnownMachine, listChanges } from './repository.ts'
import { changesOutput, listChangesInput, machineHistoryInput } from './schema.ts'

const tags = ['history']

export const historyRouter = router({
  list: procedure
    .meta({
      openapi: { method: 'GET', path: '/changes', tags, summary: 'What was changed of any machine, the newest first' },
    })
    .input(listChangesInput)
    .output(changesOutput)
    .query(({ ctx, input }) => listChanges(ctx.services.database.client, ctx.teamId, input)),

  ofMachine: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/machines/{id}/history',
        tags,
        summary: 'What was changed of one machine, also when it is removed; the newest first',
      },
    })
    .input(machineHistoryInput)
    .output(changesOutput)
    .query(async ({ ctx, input: { id, ...page } }) => {
      const { client } = ctx.services.database
      if (!(await isKnownMachine(client, ctx.teamId, id))) throw notFound('machine', id)
      return listChanges(client, ctx.teamId, { ...page, machineId: id })
    }),
})
