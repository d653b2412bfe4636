import type { Selection } from './use-selection.ts'

interface Row {
  readonly id: string
}

/** Ticking all of a page offers all that match: they are more than can be seen. */
export function SelectAllBanner({
  rows,
  found,
  selection,
}: {
  readonly rows: readonly Row[]
  readonly found: readonly Row[]
  readonly selection: Pick<Selection, 'ids' | 'add' | 'clear'>
}) {
  const { ids, add, clear } = selection
  if (rows.length === found.length || !rows.every(({ id }) => ids.has(id))) return null
  const all = found.every(({ id }) => ids.has(id))
  return (
    <p className="flex flex-wrap justify-center gap-x-2 border-b border-line bg-sunken px-4 py-2 text-sm text-secondary">
      {all
        ? `All ${found.length} machines that match are selected.`
        : `All ${rows.length} that are shown are selected.`}
      <button
        type="button"
        className="rounded-sm font-medium text-accent hover:underline"
        onClick={() => (all ? clear() : add(found))}
      >
        {all ? 'Clear the selection' : `Select all ${found.length} that match`}
      </button>
    </p>
  )
}
