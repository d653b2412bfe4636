import type { VirtualItem } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { cn } from './cn.ts'
import { FitMatrixCell } from './fit-matrix-cell.tsx'
import { type FitCell, type FitColumn, type FitRow, sizes } from './fit-matrix-parts.ts'

/** Which of its cells the keyboard stands on, or is open; -1 is its heading. */
export interface MarkedColumns {
  readonly active: number | undefined
  readonly chosen: number | undefined
}

export interface FitMatrixRowProps extends MarkedColumns {
  readonly row: FitRow
  readonly index: number
  readonly start: number
  readonly columns: readonly FitColumn[]
  /** Those in view. */
  readonly items: readonly VirtualItem[]
  readonly namesWidth: number
  readonly columnWidth: number
  readonly cellOf: (row: FitRow, column: FitColumn) => FitCell
}

/** One row as far as it is in view; drawn anew only where something of its own has changed. */
export const FitMatrixRow = memo(function FitMatrixRow({
  row,
  index,
  start,
  columns,
  items,
  namesWidth,
  columnWidth,
  cellOf,
  active,
  chosen,
}: FitMatrixRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="absolute left-0 w-full border-b border-line"
      style={{ top: start, height: sizes.row }}
    >
      <RowHeading row={row} index={index} width={namesWidth} active={active === -1} />
      {items.map((item) => {
        const column = columns[item.index]
        if (!column) return null
        return (
          <FitMatrixCell
            key={column.id}
            cell={cellOf(row, column)}
            at={`${index}:${item.index}`}
            column={item.index}
            start={item.start}
            width={columnWidth}
            active={active === item.index}
            chosen={chosen === item.index}
          />
        )
      })}
    </div>
  )
})

function RowHeading({
  row: { name, detail, hosted, level, open },
  index,
  width,
  active,
}: {
  readonly row: FitRow
  readonly index: number
  readonly width: number
  readonly active: boolean
}) {
  const Arrow = open ? ChevronDown : ChevronRight
  return (
    <div
      role="rowheader"
      aria-colindex={1}
      {...(open !== undefined && { 'aria-expanded': open })}
      tabIndex={active ? 0 : -1}
      data-at={`${index}:-1`}
      data-tip={`${name}\n${detail}\n${hosted}`}
      className={cn(
        'sticky left-0 z-10 flex h-full items-center gap-1 border-r border-line bg-surface pr-2 text-xs focus-visible:-outline-offset-2',
        level === 2 ? 'pl-6 sm:pl-8' : 'pl-2 sm:pl-3',
        open !== undefined && 'cursor-pointer hover:bg-hover',
      )}
      style={{ width }}
    >
      {open !== undefined && <Arrow aria-hidden className="size-3.5 shrink-0 text-tertiary" />}
      <span className="min-w-0 flex-1">
        <span className={cn('block truncate', level === 1 ? 'font-medium text-ink' : 'text-ink')}>{name}</span>
        <span className="block truncate text-2xs text-secondary tabular-nums">
          <span className="hidden sm:inline">{detail} · </span>
          {hosted}
        </span>
      </span>
    </div>
  )
}
