import { type Bytes, bytes } from '@berth/core'
import { fitWords } from '@berth/ui/fit-kinds'
import type { MatrixAxes } from './matrix-axes.ts'
import type { MatrixTable } from './matrix-table.ts'

/** One pair of what is shown, in plain fields. */
export interface ExportedCell {
  readonly model: string
  readonly file: string
  readonly mix: string | null
  readonly weightBytes: Bytes
  readonly machine: string
  readonly machineId: string
  readonly verdict: string
  readonly headroomBytes: Bytes | null
  readonly exact: boolean
}

/** Every listed file on every machine of the listed columns, whether its model or its column is opened or not. */
export function exportedCells({ rows, columns }: MatrixAxes, table: MatrixTable): readonly ExportedCell[] {
  const files = [...new Set(rows.flatMap((row) => (row.kind === 'file' ? [row.file] : row.files)))]
  return files.flatMap((at) => {
    const { modelName, name, mix, weightBytes } = table.survey.files[at]!
    return columns
      .filter(({ within }) => !within)
      .flatMap(({ hardware, machines }) => {
        const { kind, headroom, certain } = table.at(at, hardware)
        return machines.map(({ id, name: machine }) => ({
          model: modelName,
          file: name,
          mix,
          weightBytes: bytes(weightBytes),
          machine,
          machineId: id,
          verdict: fitWords[kind].word,
          headroomBytes: headroom,
          exact: certain,
        }))
      })
  })
}

const fields = [
  'model',
  'file',
  'mix',
  'weightBytes',
  'machine',
  'machineId',
  'verdict',
  'headroomBytes',
  'exact',
] as const satisfies readonly (keyof ExportedCell)[]

export const writeCellsCsv = (cells: readonly ExportedCell[]): string =>
  [fields, ...cells.map((cell) => fields.map((field) => quoted(String(cell[field] ?? ''))))]
    .map((line) => `${line.join(',')}\r\n`)
    .join('')

/** RFC 4180; a text that a spreadsheet would run as a formula is told to be text. */
function quoted(value: string): string {
  const text = /^[=+@\t\r]|^-(?!\d)/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
