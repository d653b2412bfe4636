import { machineId } from '@berth/core'
import { z } from 'zod'
import type { Queries } from '../db.ts'
import type { Change as ChangeRow } from '../generated/sqlite/client.ts'
import { firstIdAt, newId } from '../ids.ts'
import { mapPage, type Page, type PageAsked, pageOf } from '../page.ts'
import type { By } from './by.ts'
import { type ChangeAction, changeActions, type ChangeView, type Difference, differenceSchema } from './schema.ts'

/** More than a person reads; what is left out is counted. */
const MAX_DIFFERENCES = 100
/** A longer value is told by its beginning. */
const MAX_VALUE = 500

const stored = z.object({ listed: z.array(differenceSchema), omitted: z.number().int().min(0) })

export interface NewChange {
  readonly teamId: string
  readonly machine: { readonly id: string; readonly name: string }
  readonly action: ChangeAction
  readonly differences: readonly Difference[]
  readonly by: By
}

/**
 * Writes a change of a machine into its history; to be called within the transaction that makes the change. Where
 * nothing differs, as when only measurements do, it leaves nothing.
 */
export async function recordChange(
  db: Queries,
  { teamId, machine, action, differences, by }: NewChange,
): Promise<void> {
  if (differences.length === 0) return
  const listed = differences.slice(0, MAX_DIFFERENCES).map(shortened)
  const now = new Date()
  await db.change.create({
    data: {
      teamId,
      id: newId(now.getTime()),
      machineId: machine.id,
      machineName: machine.name,
      action,
      source: by.source,
      message: by.message ?? null,
      differences: JSON.stringify({ listed, omitted: differences.length - listed.length } satisfies z.output<
        typeof stored
      >),
      requestId: by.requestId,
      createdAt: now,
    },
  })
}

const shortened = ({ path, before, after }: Difference): Difference => ({
  path: short(path),
  before: before === null ? null : short(before),
  after: after === null ? null : short(after),
})

const short = (text: string): string => {
  const characters = [...text]
  return characters.length > MAX_VALUE ? `${characters.slice(0, MAX_VALUE - 1).join('')}…` : text
}

export interface ChangeFilter extends PageAsked {
  readonly machineId?: string | undefined
  readonly action?: ChangeAction | undefined
  readonly since?: string | undefined
}

/** The newest first. */
export async function listChanges(
  db: Queries,
  teamId: string,
  { limit, cursor, machineId: of, action, since }: ChangeFilter,
): Promise<Page<ChangeView>> {
  const rows = await db.change.findMany({
    where: {
      teamId,
      ...(of === undefined ? {} : { machineId: of }),
      ...(action === undefined ? {} : { action }),
      // Ids grow with time, and are what the index has.
      id: {
        ...(cursor === undefined ? {} : { lt: cursor }),
        ...(since === undefined ? {} : { gte: firstIdAt(Date.parse(since)) }),
      },
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  })
  const page = pageOf(rows, limit)
  const here = await idsThatAreHere(db, teamId, page.items)
  return mapPage(page, (row) => toChange(row, here))
}

/** Whether the team has, or ever had, a machine of this id. */
export async function isKnownMachine(db: Queries, teamId: string, id: string): Promise<boolean> {
  const [machine, change] = await Promise.all([
    db.machine.findUnique({ where: { teamId_id: { teamId, id } }, select: { id: true } }),
    db.change.findFirst({ where: { teamId, machineId: id }, select: { id: true } }),
  ])
  return machine !== null || change !== null
}

async function idsThatAreHere(db: Queries, teamId: string, rows: readonly ChangeRow[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(rows.map((row) => row.machineId))]
  const machines = await db.machine.findMany({ where: { teamId, id: { in: ids } }, select: { id: true } })
  return new Set(machines.map(({ id }) => id))
}

function toChange(row: ChangeRow, here: ReadonlySet<string>): ChangeView {
  const { listed, omitted } = stored.parse(JSON.parse(row.differences))
  return {
    id: row.id,
    machineId: machineId(row.machineId),
    machineName: row.machineName,
    machineRemoved: !here.has(row.machineId),
    action: z.enum(changeActions).parse(row.action),
    source: row.source,
    message: row.message,
    differences: listed,
    differencesOmitted: omitted,
    requestId: row.requestId,
    createdAt: row.createdAt.toISOString(),
  }
}
