'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { NumberBox } from '@berth/ui/slider-field'
import { Download } from 'lucide-react'
import type { MatrixAxes } from './matrix-axes.ts'
import { columnSorts, type MatrixInputs, rowSorts } from './matrix-inputs.ts'
import { exportedCells, writeCellsCsv } from './matrix-export.ts'
import type { MatrixTable } from './matrix-table.ts'
import { columnSortWords, rowSortWords } from './matrix-words.ts'
import { saveFile } from './save-file.ts'

/** More than any machine has. */
const MOST_SPARE_GIB = 4096

const pivots = [
  { value: 'files', label: 'One row per file' },
  { value: 'models', label: 'Best file per machine' },
] as const
const columnOptions = columnSorts.map((value) => ({ value, label: columnSortWords[value] }))

export interface MatrixBarProps {
  readonly inputs: MatrixInputs
  readonly onChange: (change: Partial<MatrixInputs>) => void
  readonly table: MatrixTable
  readonly axes: MatrixAxes
}

/** How the answers are shown: what is a row, in which order, and with how much to spare. */
export function MatrixBar({ inputs, onChange, table }: Omit<MatrixBarProps, 'axes'>) {
  return (
    <div className="grid w-full grid-cols-2 gap-3 sm:flex sm:w-auto sm:flex-wrap sm:items-end">
      <Field
        label="Rows"
        tip="A row a file, below its model; or a row a model, with the largest file that each machine hosts."
      >
        {(control) => (
          <Select
            {...control}
            className="sm:w-52"
            options={pivots}
            value={inputs.rows}
            onChange={({ target }) => onChange({ rows: target.value === 'models' ? 'models' : 'files', turned: [] })}
          />
        )}
      </Field>
      <Field label="Sort rows" tip="By what is to spare on one machine: choose its heading.">
        {(control) => (
          <Select
            {...control}
            className="sm:w-48"
            options={rowOptions(table, inputs.by)}
            value={inputs.sort}
            onChange={({ target }) => onChange({ sort: rowSorts.find((sort) => sort === target.value) ?? 'given' })}
          />
        )}
      </Field>
      <Field label="Sort machines">
        {(control) => (
          <Select
            {...control}
            className="sm:w-48"
            options={columnOptions}
            value={inputs.order}
            onChange={({ target }) => onChange({ order: columnSorts.find((sort) => sort === target.value) ?? 'name' })}
          />
        )}
      </Field>
      <Field label="At least to spare" tip="With less to spare than this a model counts as not hosted.">
        {(control) => (
          <span className="grid w-fit">
            <NumberBox
              {...control}
              unit="GiB"
              value={inputs.spare}
              min={0}
              max={MOST_SPARE_GIB}
              onCommit={(spare) => onChange({ spare })}
            />
          </span>
        )}
      </Field>
    </div>
  )
}

/** What is shown, as files for a spreadsheet or a program. */
export function MatrixExport({ table, axes }: Pick<MatrixBarProps, 'table' | 'axes'>) {
  return (
    <div className="flex gap-2">
      <Button onClick={() => saveFile('fleet-matrix.csv', 'text/csv', writeCellsCsv(exportedCells(axes, table)))}>
        <Download aria-hidden /> CSV
      </Button>
      <Button
        onClick={() =>
          saveFile('fleet-matrix.json', 'application/json', JSON.stringify(exportedCells(axes, table), undefined, 2))
        }
      >
        <Download aria-hidden /> JSON
      </Button>
    </div>
  )
}

/** Of headroom there is no order before a machine is chosen. */
function rowOptions({ survey }: MatrixTable, by: string | null) {
  const machine = survey.hardware.flatMap(({ machines }) => machines).find(({ id }) => id === by)
  return rowSorts.map((value) => {
    const isOfMachine = value.endsWith('headroom')
    const label = isOfMachine && machine ? `${rowSortWords[value]}, on ${machine.name}` : rowSortWords[value]
    return {
      value,
      label: isOfMachine && !machine ? `${label} (choose a machine)` : label,
      disabled: isOfMachine && !machine,
    }
  })
}
