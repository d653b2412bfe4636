import { requestDefaults, type RunRequest } from '@berth/core'
import type { Context } from '../context.ts'
import { findTeam } from '../team/repository.ts'
import type { AskedObjective } from './schema.ts'
import type { AskedRequest } from './verdict-schema.ts'

/** A request, and that of the model that room is left for. */
interface Asked extends Pick<AskedObjective, 'other'> {
  readonly request: AskedRequest
}

/** Requests with the team's margin where they name none; read once for all requests of a call. */
export async function withTeamMargin(ctx: Context) {
  const { marginBytes } = await findTeam(ctx.services.database.client, ctx.teamId)
  const margin = marginBytes ?? requestDefaults.margin
  const kept = (request: AskedRequest): RunRequest => ({ ...request, margin: request.margin ?? margin })
  return <Input extends Asked>({ request, other, ...input }: Input) => ({
    ...input,
    request: kept(request),
    ...(other && { other: { ...other, request: kept(other.request) } }),
  })
}
