'use client'

import { isMeasured, type MachineColumn, type MachineSort } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { cn } from '@berth/ui/cn'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import Link from 'next/link'
import { memo, type ReactNode } from 'react'
import { paths } from '../../paths.ts'
import type { MachineView } from '../../trpc/types.ts'
import { StaleBadge } from '../machine/freshness.tsx'
import { MaintenanceBadge } from '../machine/maintenance.tsx'
import { columnOf } from './columns.tsx'
import { columnWords, sortWords } from './words.ts'

export interface FleetTableProps {
  readonly machines: readonly MachineView[]
  readonly columns: readonly MachineColumn[]
  readonly compact: boolean
  readonly sort: MachineSort
  readonly selection: ReadonlySet<string>
  readonly onSort: (sort: MachineSort) => void
  /** `through`: and all between it and the one that was ticked before. */
  readonly onTick: (id: string, tick: { readonly on: boolean; readonly through: boolean }) => void
  readonly onTickAll: (on: boolean) => void
}

export function FleetTable(props: FleetTableProps) {
  const { machines, columns, compact, selection, onTick } = props
  return (
    <Table label="Machines" cards className={cn(compact && '[&_:is(td,th)]:sm:py-1')}>
      <FleetHead {...props} />
      <TableBody>
        {machines.map((machine) => (
          <MachineRow
            key={machine.id}
            machine={machine}
            columns={columns}
            selected={selection.has(machine.id)}
            onTick={onTick}
          />
        ))}
      </TableBody>
    </Table>
  )
}

function FleetHead({ machines, columns, sort, selection, onSort, onTickAll }: FleetTableProps) {
  const count = machines.filter(({ id }) => selection.has(id)).length
  const all = count === machines.length && count > 0
  const heading = (by: MachineSort['by'] | undefined, label: string, numeric = false) => (
    <SortHeading key={label} by={by} sort={sort} numeric={numeric} onSort={onSort}>
      {label}
    </SortHeading>
  )
  return (
    <TableHead>
      <TableRow>
        <TableHeading className="w-8">
          <input
            type="checkbox"
            aria-label="Select all machines that are shown"
            className="size-4 accent-(--accent)"
            ref={(box) => {
              if (box) box.indeterminate = count > 0 && !all
            }}
            checked={all}
            onChange={({ target }) => onTickAll(target.checked)}
          />
        </TableHeading>
        {heading('name', 'Machine')}
        {columns.map((column) => {
          const { sort: by, numeric } = columnOf(column)
          return heading(by, columnWords[column], numeric)
        })}
      </TableRow>
    </TableHead>
  )
}

function SortHeading({
  by,
  sort,
  numeric,
  onSort,
  children,
}: {
  readonly by: MachineSort['by'] | undefined
  readonly sort: MachineSort
  readonly numeric: boolean
  readonly onSort: (sort: MachineSort) => void
  readonly children: ReactNode
}) {
  if (by === undefined) return <TableHeading numeric={numeric}>{children}</TableHeading>
  const current = sort.by === by
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  return (
    <TableHeading
      numeric={numeric}
      {...(current && { 'aria-sort': sort.descending ? ('descending' as const) : ('ascending' as const) })}
    >
      <button
        type="button"
        className={cn('inline-flex items-center gap-1 rounded-sm hover:text-ink', current && 'text-ink')}
        onClick={() => onSort({ by, descending: current ? !sort.descending : sortWords[by].first === 'desc' })}
      >
        {children}
        {current && <Arrow aria-hidden className="size-3" />}
      </button>
    </TableHeading>
  )
}

interface RowProps extends Pick<FleetTableProps, 'columns' | 'onTick'> {
  readonly machine: MachineView
  readonly selected: boolean
}

/** Kept as it is while others are ticked. */
const MachineRow = memo(function MachineRow({ machine, columns, selected, onTick }: RowProps) {
  const { id, name } = machine
  return (
    <TableRow className={cn('relative hover:bg-hover', selected && 'bg-accent-soft hover:bg-accent-soft')}>
      <TableCell className="max-sm:float-right sm:w-8">
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          className="relative z-10 block size-4 accent-(--accent)"
          checked={selected}
          // The event of a change does not tell of the keys that were held.
          onClick={(event) => onTick(id, { on: event.currentTarget.checked, through: event.shiftKey })}
          onChange={() => undefined}
        />
      </TableCell>
      <TableRowHeading className="sm:min-w-28">
        <MachineName machine={machine} />
      </TableRowHeading>
      {columns.map((column) => {
        const { cell, numeric = false, wide = false } = columnOf(column)
        return (
          <TableCell
            key={column}
            data-label={columnWords[column]}
            numeric={numeric}
            className={cn(numeric && 'whitespace-nowrap', wide && 'sm:min-w-28')}
          >
            {cell(machine)}
          </TableCell>
        )
      })}
    </TableRow>
  )
})

function MachineName({ machine }: { readonly machine: MachineView }) {
  const missing = machine.missingDevices.length
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Link
        href={paths.machine(machine.id)}
        // Hundreds of rows would ask for hundreds of pages.
        prefetch={false}
        className="break-words rounded-sm after:absolute after:inset-0 hover:underline"
      >
        {machine.name}
      </Link>
      {machine.sample && <Badge>sample</Badge>}
      {!machine.sample && !isMeasured(machine) && (
        <Badge data-tip="No tool on it was read: its figures are the catalogue’s, or typed in.">not measured</Badge>
      )}
      {missing > 0 && (
        <Badge tone="bad" data-tip="The last import did not show all GPUs that are known of it.">
          {missing} missing
        </Badge>
      )}
      <MaintenanceBadge maintenance={machine.maintenance} />
      <StaleBadge machine={machine} />
    </span>
  )
}
