'use client'

import { type MachineColumn, machineColumns, type MachineQuery } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { Columns3 } from 'lucide-react'
import { columnWords } from './words.ts'

export interface ListSettingsProps {
  readonly query: MachineQuery
  readonly columns: readonly MachineColumn[]
  readonly onChange: (query: MachineQuery) => void
}

/** Which columns there are, and how close the rows stand. */
export function ListSettings({ query, columns, onChange }: ListSettingsProps) {
  const { columns: _chosen, density: _density, ...plain } = query
  const toggle = (column: MachineColumn) => {
    const next = columns.includes(column) ? columns.filter((one) => one !== column) : [...columns, column]
    onChange({ ...query, columns: machineColumns.filter((one) => next.includes(one)) })
  }
  const { density: _was, ...roomy } = query
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button>
          <Columns3 aria-hidden /> Columns
        </Button>
      </DialogTrigger>
      <DialogContent title="Columns and rows">
        <div className="grid gap-5">
          <fieldset>
            <legend className="mb-1.5 text-xs font-semibold">Columns beside the name</legend>
            <div className="grid gap-1 sm:grid-cols-2">
              {machineColumns.map((column) => (
                <label
                  key={column}
                  className="flex cursor-pointer items-center gap-2 rounded px-1 py-1 text-sm hover:bg-hover"
                >
                  <input
                    type="checkbox"
                    className="size-4 accent-(--accent)"
                    checked={columns.includes(column)}
                    onChange={() => toggle(column)}
                  />
                  {columnWords[column]}
                </label>
              ))}
            </div>
          </fieldset>
          <fieldset>
            <legend className="mb-1.5 text-xs font-semibold">Rows</legend>
            <div className="flex gap-4">
              {(['Roomy', 'Compact'] as const).map((label) => (
                <label key={label} className="flex cursor-pointer items-center gap-2 py-1 text-sm">
                  <input
                    type="radio"
                    name="density"
                    className="size-4 accent-(--accent)"
                    checked={(query.density === 'compact') === (label === 'Compact')}
                    onChange={() => onChange(label === 'Compact' ? { ...query, density: 'compact' } : roomy)}
                  />
                  {label}
                </label>
              ))}
            </div>
          </fieldset>
          <Button className="justify-self-start" onClick={() => onChange(plain)}>
            As at first
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  )
}
