import { procedure, router } from '../trpc.ts'
import { listDrift } from './list.ts'
import { listDriftInput, listDriftOutput } from './schema.ts'

export const driftRouter = router({
  list: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/drift',
        tags: ['plans'],
        summary: 'Saved plans whose machine is another than when they were saved; compared, not planned',
      },
    })
    .input(listDriftInput)
    .output(listDriftOutput)
    .query(({ ctx, input }) => listDrift(ctx.services.database.client, ctx.teamId, input)),
})
