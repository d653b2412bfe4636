import { bytes, type Bytes } from '@berth/core'
import type { Queries } from '../db.ts'

/** The team of a server without accounts. */
export const LOCAL_TEAM = 'local'

/** Makes the team where it is missing; several processes may start at once. */
export async function ensureTeam(db: Queries, id: string, name: string): Promise<void> {
  if ((await db.team.findUnique({ where: { id } })) !== null) return
  try {
    await db.team.create({ data: { id, name } })
  } catch (error) {
    // Another was faster; Prisma's upsert looks before it writes as well, and fails on that.
    if (!(error instanceof Error && 'code' in error && error.code === 'P2002')) throw error
  }
}

export interface TeamView {
  readonly id: string
  readonly name: string
  /** Of every GPU, where a request does not say; null for the engine's own. */
  readonly marginBytes: Bytes | null
}

export async function findTeam(db: Queries, id: string): Promise<TeamView> {
  const { name, marginBytes } = await db.team.findUniqueOrThrow({ where: { id } })
  return { id, name, marginBytes: marginBytes === null ? null : bytes(Number(marginBytes)) }
}

export async function setTeamMargin(db: Queries, id: string, marginBytes: Bytes | null): Promise<TeamView> {
  await db.team.update({ where: { id }, data: { marginBytes: marginBytes === null ? null : BigInt(marginBytes) } })
  return findTeam(db, id)
}

/** A write that changes nothing: whoever makes it holds the team's row until the transaction ends. */
export async function lockTeam(db: Queries, id: string): Promise<void> {
  await db.$executeRaw`UPDATE "Team" SET "name" = "name" WHERE "id" = ${id}`
}
