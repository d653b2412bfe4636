import { formatBytes, formatSpeed, groupThousands, type MemoryBasis } from '@berth/core'
import { type FitKind, hosts } from '@berth/ui/fit-kinds'
import type { FitCell, FitColumn, FitRow } from '@berth/ui/fit-matrix-parts'
import type { ColumnSort, MatrixInputs, RowSort } from './matrix-inputs.ts'
import type { MatrixColumn, MatrixRow } from './matrix-axes.ts'
import { bestFile, type KnownCell, type MatrixCounts, type MatrixTable } from './matrix-table.ts'
import type { SurveyFile } from './survey.ts'

export const basisWords = {
  promised: {
    label: 'After promises',
    tip: 'Free is what nobody has reserved and no tool saw in use: what a plan could have now.',
  },
  measured: {
    label: 'As measured',
    tip: 'Free is what no tool saw in use, whatever is reserved.',
  },
  empty: {
    label: 'Empty hardware',
    tip: 'All memory is free: what the machines could host if nothing else ran on them.',
  },
} as const satisfies Record<MemoryBasis, { readonly label: string; readonly tip: string }>

export const rowSortWords = {
  given: 'As chosen',
  name: 'Name, A first',
  '-size': 'Size, largest first',
  size: 'Size, smallest first',
  '-machines': 'Machines, most first',
  machines: 'Machines, fewest first',
  '-headroom': 'To spare, most first',
  headroom: 'To spare, least first',
} as const satisfies Record<RowSort, string>

export const columnSortWords = {
  name: 'Name, A first',
  '-memory': 'GPU memory, most first',
  memory: 'GPU memory, least first',
  '-free': 'Free memory, most first',
  free: 'Free memory, least first',
  '-files': 'Files hosted, most first',
  files: 'Files hosted, fewest first',
} as const satisfies Record<ColumnSort, string>

/** A file below its model is told by its mix; alone, by both. */
const fileName = ({ name, modelName, mix }: SurveyFile, level: 1 | 2): string => {
  if (mix === null) return name
  return level === 2 ? mix : `${modelName} ${mix}`
}

const size = (file: SurveyFile): string => formatBytes(file.weightBytes)

export function rowWords(row: MatrixRow, { survey }: MatrixTable, counts: MatrixCounts): FitRow {
  const of = groupThousands(counts.machines)
  if (row.kind === 'file') {
    const file = survey.files[row.file]!
    const hosted = `on ${groupThousands(counts.hostedBy[row.file]!)} of ${of}`
    return { id: row.id, name: fileName(file, row.level), detail: size(file), hosted, level: row.level }
  }
  const most = Math.max(...row.files.map((file) => counts.hostedBy[file]!))
  return {
    id: row.id,
    name: row.name,
    detail: `${row.files.length} files`,
    hosted: `on ${groupThousands(most)} of ${of}`,
    level: 1,
    open: row.open,
  }
}

/** By which machine rows are sorted, and how; undefined where they are not. */
export type SortedBy = Pick<MatrixInputs, 'sort' | 'by'>

export function columnWords(
  column: MatrixColumn,
  { table: { survey }, counts }: { readonly table: MatrixTable; readonly counts: MatrixCounts },
  { sort, by }: SortedBy,
): FitColumn {
  const { summary } = survey.hardware[column.hardware]!
  const [first] = column.machines
  const count = column.machines.length
  return {
    id: column.id,
    name: column.several ? `${first!.name} ×${count}` : first!.name,
    detail: summary,
    hosted: `${groupThousands(counts.hosting[column.hardware]!)} of ${groupThousands(survey.files.length)}`,
    ...(column.several && { several: { count, open: column.several.open } }),
    ...(column.within && { within: true }),
    ...(sort.endsWith('headroom') && column.id === by && { sorted: sort === 'headroom' ? 'ascending' : 'descending' }),
  }
}

/** Which file a cell is about: a model's is the best on that hardware. */
export const fileOf = (row: MatrixRow, hardware: number, table: MatrixTable): number =>
  row.kind === 'file' ? row.file : bestFile(table, row.files, hardware)

export function cellWords(row: MatrixRow, hardware: number, table: MatrixTable, show: readonly FitKind[]): FitCell {
  const file = fileOf(row, hardware, table)
  const cell = table.at(file, hardware)
  const { kind, headroom, certain, exact } = cell
  const faded = (show.length > 0 && !show.includes(kind)) || (hosts[kind] && !table.isHosted(cell))
  const { mix, name } = table.survey.files[file]!
  const tip = exactTip(exact)
  return {
    ...{ kind, headroom, certain },
    ...(row.kind === 'model' && { file: mix ?? name }),
    ...(faded && { faded }),
    ...(tip && { tip }),
  }
}

function exactTip(exact: KnownCell['exact']): string | undefined {
  if (!exact) return undefined
  const { split, engine, largestContext, generation, reasons } = exact
  const lines = [
    ...(split === '' ? [] : [`${engine}, layers ${split}`]),
    ...(largestContext === null ? [] : [`Largest context ${groupThousands(largestContext)} tokens`]),
    ...(generation ? [formatSpeed(generation)] : []),
    ...reasons.slice(0, 1),
  ]
  return lines.length > 0 ? lines.join('\n') : undefined
}
