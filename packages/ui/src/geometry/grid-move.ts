/** A cell of a grid with a row and a column of headings, both at -1. */
export interface GridPlace {
  readonly row: number
  readonly column: number
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
  /** Rows that are seen at once. */
  readonly page: number
}

export interface GridKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

type Move = (at: GridPlace, size: GridSize, far: boolean) => GridPlace

const moves: Readonly<Record<string, Move>> = {
  ArrowUp: ({ row, column }, _, far) => ({ row: far ? -1 : row - 1, column }),
  ArrowDown: ({ row, column }, { rows }, far) => ({ row: far ? rows : row + 1, column }),
  ArrowLeft: ({ row, column }, _, far) => ({ row, column: far ? -1 : column - 1 }),
  ArrowRight: ({ row, column }, { columns }, far) => ({ row, column: far ? columns : column + 1 }),
  PageUp: ({ row, column }, { page }) => ({ row: Math.max(Math.min(row, 0), row - page), column }),
  PageDown: ({ row, column }, { page }) => ({ row: row + page, column }),
  Home: ({ row }, _, far) => (far ? { row: 0, column: 0 } : { row, column: -1 }),
  End: ({ row }, { rows, columns }, far) => ({ row: far ? rows : row, column: columns }),
}

/** Where a key leads, as in every grid (ARIA's pattern for them); undefined for one that does not move. */
export function moved(at: GridPlace, size: GridSize, { key, ctrlKey, metaKey }: GridKey): GridPlace | undefined {
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined
  return move && within(move(at, size, ctrlKey || metaKey), size)
}

/** The place itself, or the nearest that there is. The corner belongs to nobody. */
export function within({ row, column }: GridPlace, { rows, columns }: Omit<GridSize, 'page'>): GridPlace {
  const place = { row: between(row, rows), column: between(column, columns) }
  return place.row === -1 && place.column === -1 ? { row: Math.min(0, rows - 1), column: -1 } : place
}

const between = (index: number, count: number): number => Math.max(-1, Math.min(count - 1, index))
