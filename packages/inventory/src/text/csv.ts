import { parse } from 'csv-parse/sync'

import { limits } from '../limits.ts'

/** Cells of one line of CSV; undefined when its quotes do not close. */
export function parseCsvLine(line: string, delimiter = ','): readonly string[] | undefined {
  try {
    const records: readonly (readonly string[])[] = parse(line, {
      delimiter,
      trim: true,
      relax_quotes: true,
      relax_column_count: true,
      max_record_size: limits.lineCharacters,
    })
    return records.length === 1 ? records[0] : undefined
  } catch {
    return undefined
  }
}

export interface CsvRow {
  /** 0 for the first line of the text. */
  readonly line: number
  readonly cells: readonly string[]
}

/** All rows of a text, whose quoted cells may hold line breaks; undefined when the quotes do not close. */
export function parseCsvText(text: string, delimiter: string): readonly CsvRow[] | undefined {
  try {
    const rows: CsvRow[] = []
    let line = 0
    parse(text, {
      delimiter,
      trim: true,
      relax_column_count: true,
      max_record_size: limits.lineCharacters,
      on_record: (cells: readonly string[], { lines }) => {
        rows.push({ line, cells })
        line = lines
        return null
      },
    })
    return rows
  } catch {
    return undefined
  }
}

/** What a spreadsheet would take for a formula, and the sign by which it is told otherwise. */
const guarded = /^[=+\-@\t\r']/

/** A cell as a spreadsheet shows it and does not run it; `unguard` gives the text back. */
export const guard = (text: string): string => (guarded.test(text) ? `'${text}` : text)

export const unguard = (cell: string): string =>
  cell.startsWith("'") && guarded.test(cell.slice(1)) ? cell.slice(1) : cell

/** One line of CSV. Every cell is guarded against being run as a formula. */
export const writeCsvLine = (cells: readonly string[]): string =>
  cells
    .map(guard)
    .map((cell) => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')

/** Excel saves `;` or tabs in some locales. */
export const delimiterOf = (header: string): string =>
  [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ','
