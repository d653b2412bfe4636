import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { findByHash } from './repository.ts'
import { hashOf, secretOf } from './secret.ts'

/** A token that has been shown, and whose team may be reported to. */
export interface ReportingToken {
  readonly teamId: string
  readonly id: string
  readonly name: string
}

/**
 * The token of an `Authorization: Bearer` header. It is looked up by its hash, of which an attacker can choose no part,
 * so how long the look-up takes tells nothing.
 *
 * @throws {ApiError} `token-refused`
 */
export async function requireToken(db: Queries, header: string | undefined): Promise<ReportingToken> {
  const secret = secretOf(header)
  if (secret === undefined) throw refused('The request needs a registration token: Authorization: Bearer brt_…')
  const token = await findByHash(db, hashOf(secret))
  if (token === undefined) throw refused('There is no such registration token; it may have been revoked.')
  const { teamId, id, name, expiresAt } = token
  if (expiresAt !== null && expiresAt.getTime() <= Date.now())
    throw refused(`The registration token ${name} has expired.`)
  return { teamId, id, name }
}

const refused = (message: string): ApiError => new ApiError('token-refused', message)
