import type { Queries } from '../db.ts'

/** The team of a server without accounts. */
export const LOCAL_TEAM = 'local'

/** Makes the team where it is missing; several processes may start at once. */
export async function ensureTeam(db: Queries, id: string, name: string): Promise<void> {
  await db.team.upsert({ where: { id }, create: { id, name }, update: {} })
}

/** A write that changes nothing: whoever makes it holds the team's row until the transaction ends. */
export async function lockTeam(db: Queries, id: string): Promise<void> {
  await db.$executeRaw`UPDATE "Team" SET "name" = "name" WHERE "id" = ${id}`
}
