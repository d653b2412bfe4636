import type { Queries } from '../db.ts'
import type { RegistrationToken } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import { afterCursor, mapPage, type Page, type PageAsked, pageOf } from '../page.ts'
import { namedOnce } from '../name-taken.ts'
import type { TokenView } from './schema.ts'

/** What is stored of a token; its secret is not. */
export interface NewToken {
  readonly name: string
  readonly secretHash: string
  readonly expiresAt: Date | null
}

/** @throws {ApiError} `name-taken` when another token of the team has the name. */
export async function createToken(db: Queries, teamId: string, token: NewToken): Promise<TokenView> {
  const data = { teamId, id: newId(), ...token }
  return toView(await namedOnce('token', token.name, () => db.registrationToken.create({ data })))
}

/** In the order of their making. */
export async function listTokens(db: Queries, teamId: string, { limit, cursor }: PageAsked): Promise<Page<TokenView>> {
  const rows = await db.registrationToken.findMany({
    where: { teamId, ...afterCursor(cursor) },
    orderBy: { id: 'asc' },
    take: limit + 1,
  })
  return mapPage(pageOf(rows, limit), toView)
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
