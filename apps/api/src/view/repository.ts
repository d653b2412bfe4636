import { readMachineQuery } from '@berth/core'
import type { Queries } from '../db.ts'
import type { SavedView } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import { namedOnce } from '../name-taken.ts'
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
  return toView(
    await namedOnce('view', name, () => db.savedView.create({ data: { teamId, id: newId(), list, name, query } })),
  )
}

/** @throws {ApiError} `name-taken`. */
export async function updateView(
  db: Queries,
  { teamId, id }: ViewKey,
  { name, query }: { readonly name?: string | undefined; readonly query?: string | undefined },
): Promise<View | undefined> {
  await namedOnce('view', name ?? '', () =>
    db.savedView.updateMany({ where: { teamId, id }, data: withoutUndefined({ name, query }) }),
  )
  const row = await db.savedView.findUnique({ where: { teamId_id: { teamId, id } } })
  return row === null ? undefined : toView(row)
}

export async function removeView(db: Queries, { teamId, id }: ViewKey): Promise<boolean> {
  const { count } = await db.savedView.deleteMany({ where: { teamId, id } })
  return count > 0
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
