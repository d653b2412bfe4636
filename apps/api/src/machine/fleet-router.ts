import { procedure } from '../trpc.ts'
import { removeMany, updateMany } from './bulk.ts'
import { removeManyInput, removeManyOutput, updateManyInput, updateManyOutput } from './bulk-schema.ts'
import { facetsInput, facetsOutput } from './filter-schema.ts'
import { fleetFacets } from './fleet.ts'

const tags = ['machines']

/** What is asked of, and done to, many machines at once. */
export const fleetProcedures = {
  facets: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/machines/facets',
        tags,
        summary: 'What machines can be chosen by, with counts',
      },
    })
    .input(facetsInput)
    .output(facetsOutput)
    .query(({ ctx, input }) => fleetFacets(ctx.services.database.client, ctx.teamId, input)),

  updateMany: procedure
    .meta({
      openapi: {
        method: 'PATCH',
        path: '/machines',
        tags,
        summary: 'Change many machines at once; all of them or none',
      },
    })
    .input(updateManyInput)
    .output(updateManyOutput)
    .mutation(({ ctx, input }) => updateMany(ctx, input)),

  removeMany: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/machines/remove',
        tags,
        summary: 'Remove many machines at once; all of them or none',
      },
    })
    .input(removeManyInput)
    .output(removeManyOutput)
    .mutation(({ ctx, input }) => removeMany(ctx, input)),
} as const
