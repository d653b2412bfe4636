import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import type { RegistrationToken } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import type { TokenView } from './schema.ts'

/** What is stored of a token; its secret is not. */
export interface NewToken {
  readonly name: string
  readonly secretHash: string
  readonly expiresAt: Date | null
}

/** @throws {ApiError} `name-taken` when another token of the team has the name. */
export async function createToken(db: Queries, teamId: string, token: NewToken): Promise<TokenView> {
  try {
    return toView(await db.registrationToken.create({ data: { teamId, id: newId(), ...token } }))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'P2002')) throw error
    const { name } = token
    throw new ApiError('name-taken', `Another token is called ${name}.`, { cause: error, data: { name } })
  }
}

/** In the order of their making. */
export async function listTokens(
  db: Queries,
  teamId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ items: TokenView[]; nextCursor: string | null }> {
  const rows = await db.registrationToken.findMany({
    where: { teamId, ...(cursor === undefined ? {} : { id: { gt: cursor } }) },
    orderBy: { id: 'asc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  return { items: page.map(toView), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

export const countTokens = (db: Queries, teamId: string): Promise<number> =>
  db.registrationToken.count({ where: { teamId } })

export async function removeToken(db: Queries, teamId: string, id: string): Promise<boolean> {
  const { count } = await db.registrationToken.deleteMany({ where: { teamId, id } })
  return count > 0
}

/** Of whichever team: it is the token that says which. */
export async function findByHash(db: Queries, secretHash: string): Promise<RegistrationToken | undefined> {
  return (await db.registrationToken.findUnique({ where: { secretHash } })) ?? undefined
}

/** False when it was revoked in the meantime. */
export async function markUsed(db: Queries, { teamId, id }: Pick<RegistrationToken, 'teamId' | 'id'>, now: Date) {
  const { count } = await db.registrationToken.updateMany({ where: { teamId, id }, data: { lastUsedAt: now } })
  return count > 0
}

const toView = ({ id, name, expiresAt, lastUsedAt, createdAt }: RegistrationToken): TokenView => ({
  id,
  name,
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
})
