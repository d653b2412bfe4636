import type { CSSProperties } from 'react'
import { cn } from './cn.ts'
import { type FitKind, fitWords } from './fit-kinds.ts'
import type { FitCell } from './fit-matrix-parts.ts'
import { fitColour, fitStep } from './geometry/fit-scale.ts'
import { cellWords, headroomFigure } from './geometry/headroom-words.ts'

/** One model on one machine: an icon and a figure, on the colour of what is to spare. */
export function FitMatrixCell({
  cell,
  at,
  column,
  start,
  width,
  active,
  chosen,
}: {
  readonly cell: FitCell
  readonly at: string
  readonly column: number
  readonly start: number
  readonly width: number
  readonly active: boolean
  readonly chosen: boolean
}) {
  const words = cellWords(cell)
  const { icon: Icon } = fitWords[cell.kind]
  return (
    <div
      role="gridcell"
      aria-colindex={column + 2}
      aria-label={words}
      {...(chosen && { 'aria-selected': true })}
      tabIndex={active ? 0 : -1}
      data-at={at}
      data-tip={cell.tip === undefined ? words : `${words}\n${cell.tip}`}
      className={cn(
        'absolute inset-y-0 grid cursor-pointer content-center border-r border-line px-1.5 text-right text-xs text-ink tabular-nums hover:inset-ring hover:inset-ring-line-strong focus-visible:z-5 focus-visible:-outline-offset-2',
        cell.faded && 'text-tertiary',
        chosen && 'inset-ring-2 inset-ring-accent hover:inset-ring-2 hover:inset-ring-accent',
      )}
      style={{ left: start, width, ...(!cell.faded && backgroundOf(cell.kind, cell.headroom)) }}
    >
      <span className="flex items-center justify-end gap-1">
        <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
        <span className="min-w-11">{headroomFigure(cell)}</span>
      </span>
      {cell.file !== undefined && (
        <span className={cn('truncate text-2xs', !cell.faded && 'text-secondary')}>{cell.file}</span>
      )}
    </div>
  )
}

/** Colour says how much; what is in the host's memory, or not known at all, is on no scale. */
export function backgroundOf(kind: FitKind, headroom: number | null): CSSProperties {
  switch (kind) {
    case 'fits':
    case 'tight':
    case 'no':
      return headroom === null ? { background: 'var(--surface-sunken)' } : { background: fitColour(fitStep(headroom)) }
    case 'host':
      return { background: 'repeating-linear-gradient(135deg, var(--surface) 0 5px, var(--fit-zero) 5px 7px)' }
    case 'refused':
      return { background: 'var(--surface-sunken)' }
    case 'open':
      return { background: 'var(--surface)' }
  }
}
