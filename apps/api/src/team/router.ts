import { gibibytes } from '@berth/core'
import { z } from 'zod'
import { bytesSchema } from '../schema-parts.ts'
import { procedure, router } from '../trpc.ts'
import { findTeam, setTeamMargin } from './repository.ts'

/** As much as any GPU has; more is a slip of the unit. */
const LARGEST_MARGIN = gibibytes(1024)

const marginBytes = bytesSchema
  .nullable()
  .refine((margin) => margin === null || margin <= LARGEST_MARGIN, `must be ${LARGEST_MARGIN} at most`)
  .meta({ description: 'Kept free on every GPU where a request does not say; null for the engine’s own 1024 MiB.' })

const teamView = z.object({ id: z.string(), name: z.string(), marginBytes }).meta({ id: 'Team' })

const tags = ['team']

export const teamRouter = router({
  get: procedure
    .meta({ openapi: { method: 'GET', path: '/team', tags, summary: 'The team, and its margin' } })
    .output(teamView)
    .query(({ ctx }) => findTeam(ctx.services.database.client, ctx.teamId)),

  update: procedure
    .meta({ openapi: { method: 'PATCH', path: '/team', tags, summary: 'Set what the team’s plans keep free' } })
    .input(z.object({ marginBytes }))
    .output(teamView)
    .mutation(({ ctx, input }) => setTeamMargin(ctx.services.database.client, ctx.teamId, input.marginBytes)),
})
