/** What a list takes: how many, and after which. */
export interface PageAsked {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface Page<Item> {
  readonly items: Item[]
  readonly nextCursor: string | null
}

/** For a list in the order of its ids: ids grow with time. */
export const afterCursor = (cursor: string | undefined) => (cursor === undefined ? {} : { id: { gt: cursor } })

/** Of one row more than was asked for: the page, and whether there is another. */
export function pageOf<Row extends { readonly id: string }>(rows: readonly Row[], limit: number): Page<Row> {
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** The same page as it is shown. */
export const mapPage = <Row, Item>({ items, nextCursor }: Page<Row>, show: (row: Row) => Item): Page<Item> => ({
  items: items.map(show),
  nextCursor,
})
