export interface Column<Row> {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly cell: (row: Row) => string
}

/** Lines of a table in plain text: two spaces between columns, numbers to the right. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)))
  const pad = (text: string, column: number) =>
    columns[column]!.align === 'right' ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)
  return cells.map((line) => line.map(pad).join('  ').trimEnd())
}
