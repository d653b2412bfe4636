'use client'

import { FitLegend } from '@berth/ui/fit-legend'
import { FitMatrix } from '@berth/ui/fit-matrix'
import type { FitColumn, FitRow } from '@berth/ui/fit-matrix-parts'
import { Card } from '@berth/ui/card'
import { useCallback, useMemo } from 'react'
import { fileRow, type MatrixAxes, type MatrixColumn, type MatrixRow } from './matrix-axes.ts'
import type { MatrixInputs } from './matrix-inputs.ts'
import { type MatrixCounts, type MatrixTable, representative } from './matrix-table.ts'
import { cellWords, columnWords, fileOf, rowWords } from './matrix-words.ts'
import type { FileWish } from './use-exact-cells.ts'

export interface MatrixGridProps {
  readonly table: MatrixTable
  readonly counts: MatrixCounts
  readonly axes: MatrixAxes
  /** The pair that is open, which is planned first. */
  readonly open: Pair | undefined
  readonly behind: boolean
  readonly inputs: MatrixInputs
  readonly onChange: (change: Partial<MatrixInputs>) => void
  readonly onWant: (wishes: readonly FileWish[]) => void
}

/** The matrix with its legend, in the words of the survey. */
export function MatrixGrid({ table, counts, axes, open, behind, inputs, onChange, onWant }: MatrixGridProps) {
  const { sort, by, show } = inputs
  const rowById = useMemo(() => new Map(axes.rows.map((row) => [row.id, row])), [axes])
  const columnById = useMemo(() => new Map(axes.columns.map((column) => [column.id, column])), [axes])
  const rows = useMemo(() => axes.rows.map((row) => rowWords(row, table, counts)), [axes, table, counts])
  const columns = useMemo(
    () => axes.columns.map((column) => columnWords(column, { table, counts }, { sort, by })),
    [axes, table, counts, sort, by],
  )
  const cellOf = useCallback(
    ({ id }: FitRow, column: FitColumn) =>
      cellWords(rowById.get(id)!, columnById.get(column.id)!.hardware, table, show),
    [rowById, columnById, table, show],
  )
  const onView = useCallback(
    (seen: readonly FitRow[], over: readonly FitColumn[]) => {
      const lines = seen.flatMap(({ id }) => rowById.get(id) ?? [])
      const places = over.flatMap(({ id }) => columnById.get(id)?.hardware ?? [])
      const pairs = lines.flatMap((row) => places.map((hardware) => ({ file: fileOf(row, hardware, table), hardware })))
      onWant(wishesOf(table, [...(open ? [open] : []), ...pairs]))
    },
    [table, rowById, columnById, open, onWant],
  )
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] overflow-hidden">
      <div className="border-b border-line px-3 py-2">
        <FitLegend
          counts={counts.kinds}
          shown={show}
          onToggle={(kind) =>
            onChange({ show: show.includes(kind) ? show.filter((one) => one !== kind) : [...show, kind] })
          }
        />
      </div>
      <FitMatrix
        label="Models by machines"
        corner="GiB to spare on the tightest GPU"
        className="max-h-[max(24rem,calc(100dvh-11rem))]"
        {...{ rows, columns, cellOf, behind, onView }}
        chosen={chosenOf(table, axes, inputs)}
        onCell={({ id }, column) => {
          const [row, over] = [rowById.get(id), columnById.get(column.id)]
          if (row && over) onChange(opened(row, over, table))
        }}
        onRow={({ name, open }) => {
          if (open === undefined) return
          const { turned } = inputs
          onChange({ turned: turned.includes(name) ? turned.filter((one) => one !== name) : [...turned, name] })
        }}
        onColumn={({ id, several }) => onChange(several ? widened(columnById.get(id)!, inputs) : sortedBy(id, inputs))}
      />
    </Card>
  )
}

interface Pair {
  readonly file: number
  readonly hardware: number
}

/** What is not planned yet, a file at a time. */
function wishesOf(table: MatrixTable, pairs: readonly Pair[]): readonly FileWish[] {
  const wanted = new Map<number, Set<string>>()
  for (const { file, hardware } of pairs) {
    if (table.at(file, hardware).certain) continue
    wanted.set(file, (wanted.get(file) ?? new Set()).add(representative(table.survey, hardware)))
  }
  return [...wanted].map(([file, machines]) => {
    const asked = table.survey.files[file]!
    return { key: asked.key, file: asked, machineIds: [...machines] }
  })
}

const opened = (row: MatrixRow, { hardware, machines }: MatrixColumn, table: MatrixTable): Partial<MatrixInputs> => ({
  file: table.survey.files[fileOf(row, hardware, table)]!.key,
  on: machines[0]!.id,
})

/** The cell of the open file, or of its model where that is folded, in the column of the open machine. */
function chosenOf({ survey }: MatrixTable, { rows, columns }: MatrixAxes, { file, on }: MatrixInputs) {
  if (file === null || on === null) return undefined
  const at = survey.files.findIndex(({ key }) => key === file)
  const row =
    rows.find(({ id }) => id === fileRow(at)) ?? rows.find((one) => one.kind === 'model' && one.files.includes(at))
  const column =
    columns.find(({ id }) => id === on) ?? columns.find(({ machines }) => machines.some(({ id }) => id === on))
  return row && column && { row: row.id, column: column.id }
}

function widened({ machines }: MatrixColumn, { wide }: MatrixInputs): Partial<MatrixInputs> {
  const { id } = machines[0]!
  return { wide: wide.includes(id) ? wide.filter((one) => one !== id) : [...wide, id] }
}

/** Most to spare first, then least, then as they were chosen. */
function sortedBy(machine: string, { sort, by }: MatrixInputs): Partial<MatrixInputs> {
  if (by !== machine || !sort.endsWith('headroom')) return { sort: '-headroom', by: machine }
  return sort === '-headroom' ? { sort: 'headroom' } : { sort: 'given', by: null }
}
