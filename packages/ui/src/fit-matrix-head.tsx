import type { VirtualItem } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { cn } from './cn.ts'
import { type FitColumn, sizes } from './fit-matrix-parts.ts'

/** The machines in view, and above the names what they are names of. */
export const FitMatrixHead = memo(function FitMatrixHead({
  corner,
  columns,
  items,
  namesWidth,
  columnWidth,
  active,
}: {
  readonly corner: ReactNode
  readonly columns: readonly FitColumn[]
  readonly items: readonly VirtualItem[]
  readonly namesWidth: number
  readonly columnWidth: number
  readonly active: number | undefined
}) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-20 border-b border-line bg-surface"
      style={{ height: sizes.head }}
    >
      <div
        role="columnheader"
        aria-colindex={1}
        className="sticky left-0 z-10 flex h-full items-end border-r border-line bg-surface px-2 pb-2 text-2xs text-secondary sm:px-3"
        style={{ width: namesWidth }}
      >
        {corner}
      </div>
      {items.map((item) => {
        const column = columns[item.index]
        return (
          column && (
            <ColumnHeading
              key={column.id}
              column={column}
              index={item.index}
              start={item.start}
              width={columnWidth}
              active={active === item.index}
            />
          )
        )
      })}
    </div>
  )
})

function ColumnHeading({
  column: { name, detail, hosted, several, within, sorted },
  index,
  start,
  width,
  active,
}: {
  readonly column: FitColumn
  readonly index: number
  readonly start: number
  readonly width: number
  readonly active: boolean
}) {
  const Fold = several?.open ? ChevronDown : ChevronRight
  const Sorted = sorted === 'ascending' ? ArrowUp : ArrowDown
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      {...(several && { 'aria-expanded': several.open })}
      {...(sorted && { 'aria-sort': sorted })}
      tabIndex={active ? 0 : -1}
      data-at={`-1:${index}`}
      data-tip={`${name}\n${detail}\n${hosted}`}
      className={cn(
        'absolute inset-y-0 flex cursor-pointer flex-col justify-end gap-0.5 overflow-hidden border-r border-line px-1.5 pb-1.5 text-right text-2xs text-secondary hover:bg-hover focus-visible:-outline-offset-2',
        within && 'bg-sunken',
      )}
      style={{ left: start, width }}
    >
      <span className="flex items-center justify-end gap-0.5 font-medium text-ink">
        {several && <Fold aria-hidden className="size-3 shrink-0 text-tertiary" />}
        {sorted && <Sorted aria-hidden className="size-3 shrink-0 text-accent" />}
        <span className="line-clamp-2 min-w-0 break-words">{name}</span>
      </span>
      <span className="line-clamp-2 break-words">{detail}</span>
      <span className="truncate tabular-nums">{hosted}</span>
    </div>
  )
}
