import { readMachineQuery } from '@berth/core'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import type { SavedView } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { listViewsInput, type View } from './schema.ts'

interface ViewKey {
  readonly teamId: string
  readonly id: string
}

/** In the order of their making: one that is renamed does not move. */
export async function listViews(db: Queries, teamId: string, list: View['list']): Promise<readonly View[]> {
  const rows = await db.savedView.findMany({ where: { teamId, list }, orderBy: { id: 'asc' } })
  return rows.map(toView)
}

/** @throws {ApiError} `name-taken`. */
export async function createView(
  db: Queries,
  teamId: string,
  { list, name, query }: Pick<View, 'list' | 'name' | 'query'>,
): Promise<View> {
  return toView(await namedOnce(name, () => db.savedView.create({ data: { teamId, id: newId(), list, name, query } })))
}

/** @throws {ApiError} `name-taken`. */
export async function updateView(
  db: Queries,
  { teamId, id }: ViewKey,
  { name, query }: { readonly name?: string | undefined; readonly query?: string | undefined },
): Promise<View | undefined> {
  await namedOnce(name ?? '', () =>
    db.savedView.updateMany({ where: { teamId, id }, data: withoutUndefined({ name, query }) }),
  )
  const row = await db.savedView.findUnique({ where: { teamId_id: { teamId, id } } })
  return row === null ? undefined : toView(row)
}

export async function removeView(db: Queries, { teamId, id }: ViewKey): Promise<boolean> {
  const { count } = await db.savedView.deleteMany({ where: { teamId, id } })
  return count > 0
}

async function namedOnce<Value>(name: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'P2002')) throw error
    throw new ApiError('name-taken', `Another view is called ${name}.`, { cause: error, data: { name } })
  }
}

const toView = ({ id, list, name, query, createdAt, updatedAt }: SavedView): View => ({
  id,
  list: listViewsInput.shape.list.parse(list),
  name,
  query,
  ignored: readMachineQuery([...new URLSearchParams(query)]).ignored.map(([parameter, value]) => ({
    name: parameter,
    value,
  })),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})
