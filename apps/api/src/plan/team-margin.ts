import { requestDefaults, type RunRequest } from '@berth/core'
import type { Context } from '../context.ts'
import { findTeam } from '../team/repository.ts'
import type { AskedRequest } from './verdict-schema.ts'

/** Requests with the team's margin where they name none; read once for all requests of a call. */
export async function withTeamMargin(ctx: Context): Promise<(request: AskedRequest) => RunRequest> {
  const { marginBytes } = await findTeam(ctx.services.database.client, ctx.teamId)
  const margin = marginBytes ?? requestDefaults.margin
  return (request) => ({ ...request, margin: request.margin ?? margin })
}
