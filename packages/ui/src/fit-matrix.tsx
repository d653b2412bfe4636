'use client'

import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import {
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { cn } from './cn.ts'
import { FitMatrixHead } from './fit-matrix-head.tsx'
import { type FitCell, type FitColumn, type FitRow, sizes } from './fit-matrix-parts.ts'
import { FitMatrixRow } from './fit-matrix-row.tsx'
import type { GridPlace } from './geometry/grid-move.ts'
import { placeAt, useGridFocus } from './use-grid-focus.ts'
import { useNarrow } from './use-narrow.ts'

export interface FitMatrixProps {
  readonly label: string
  /** What stands above the names. */
  readonly corner: ReactNode
  readonly rows: readonly FitRow[]
  readonly columns: readonly FitColumn[]
  /** Changes where any cell does: rows are drawn anew for it. */
  readonly cellOf: (row: FitRow, column: FitColumn) => FitCell
  /** The figures are of what was asked before. */
  readonly behind: boolean
  readonly chosen: { readonly row: string; readonly column: string } | undefined
  readonly onCell: (row: FitRow, column: FitColumn) => void
  /** A model's heading, or that of several machines. */
  readonly onRow: (row: FitRow) => void
  readonly onColumn: (column: FitColumn) => void
  /** What has come into view. */
  readonly onView: (rows: readonly FitRow[], columns: readonly FitColumn[]) => void
  readonly className?: string
}

/** What the first drawing takes for the room there is, before the browser has said. */
const FIRST_ROOM = { width: 1200, height: 600 }

const OVERSCAN = 3

/** Models by machines. Only what is in view is drawn, and one cell at a time is in the order of the tab key. */
export function FitMatrix(props: FitMatrixProps) {
  const { label, corner, rows, columns, cellOf, behind, chosen, className } = props
  const scroller = useRef<HTMLDivElement>(null)
  const namesWidth = sizes.names[useNarrow() ? 'narrow' : 'wide']
  const { down, across, goTo, columnWidth } = useWindows(scroller, {
    rows: rows.length,
    columns: columns.length,
    namesWidth,
  })
  const { active, onKeyDown, onFocus } = useGridFocus(
    scroller,
    { rows: rows.length, columns: columns.length },
    { onActive: goTo, onEnter: (at) => enter(at, props) },
  )
  const [rowItems, columnItems] = [down.getVirtualItems(), across.getVirtualItems()]
  useView(props, rowItems, columnItems)
  const chosenColumn = chosen && columns.findIndex(({ id }) => id === chosen.column)
  const activeIn = (row: number) => (row === active.row ? active.column : undefined)
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-busy={behind}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onClick={(event: MouseEvent) => {
        const at = placeAt(event.target)
        if (at) enter(at, props)
      }}
      className={cn(
        'relative overflow-auto overscroll-contain bg-surface transition-[filter]',
        behind && 'grayscale delay-150',
        className,
      )}
    >
      <div role="rowgroup" className="contents">
        <div
          role="presentation"
          className="relative"
          style={{ width: across.getTotalSize(), height: down.getTotalSize() }}
        >
          <FitMatrixHead {...{ corner, columns, namesWidth, columnWidth }} items={columnItems} active={activeIn(-1)} />
          {rowItems.map((item) => {
            const row = rows[item.index]
            return (
              row && (
                <FitMatrixRow
                  key={row.id}
                  {...{ row, columns, namesWidth, columnWidth, cellOf }}
                  index={item.index}
                  start={item.start}
                  items={columnItems}
                  active={activeIn(item.index)}
                  chosen={row.id === chosen?.row ? chosenColumn : undefined}
                />
              )
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** The rows and the columns that are in view, and how to bring a place into it. */
function useWindows(
  scroller: RefObject<HTMLElement | null>,
  { rows, columns, namesWidth }: { readonly rows: number; readonly columns: number; readonly namesWidth: number },
) {
  const [columnWidth, setColumnWidth] = useState<number>(sizes.column.least)
  const kept = useRef<GridPlace>({ row: 0, column: 0 })
  const common = { getScrollElement: () => scroller.current, overscan: OVERSCAN, initialRect: FIRST_ROOM } as const
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by the React Compiler
  const down = useVirtualizer({
    ...common,
    useFlushSync: false,
    count: rows,
    estimateSize: rowSize,
    paddingStart: sizes.head,
    scrollPaddingStart: sizes.head,
    rangeExtractor: useCallback((range: Range) => rangeWith(range, kept.current.row), []),
  })
  const across = useVirtualizer({
    ...common,
    useFlushSync: false,
    count: columns,
    horizontal: true,
    estimateSize: useCallback(() => columnWidth, [columnWidth]),
    paddingStart: namesWidth,
    scrollPaddingStart: namesWidth,
    rangeExtractor: useCallback((range: Range) => rangeWith(range, kept.current.column), []),
  })
  useLayoutEffect(() => across.measure(), [across, columnWidth])
  const goTo = useCallback(
    (to: GridPlace, scroll: boolean) => {
      kept.current = to
      if (scroll && to.row >= 0) down.scrollToIndex(to.row, { align: 'auto' })
      if (scroll && to.column >= 0) across.scrollToIndex(to.column, { align: 'auto' })
    },
    [down, across],
  )
  const room = across.scrollRect?.width
  const wanted = room === undefined ? columnWidth : widthOf(room - namesWidth, columns)
  if (wanted !== columnWidth) setColumnWidth(wanted)
  return { down, across, goTo, columnWidth }
}

const rowSize = (): number => sizes.row

/** Few columns share the room that there is; many are scrolled through. */
const widthOf = (room: number, columns: number): number =>
  Math.max(sizes.column.least, Math.min(sizes.column.most, Math.floor(room / Math.max(1, columns))))

/** What is focused stays drawn when it is scrolled away, or the focus would be lost with it. */
const rangeWith = (range: Range, kept: number): number[] => {
  const shown = defaultRangeExtractor(range)
  if (kept < 0 || kept >= range.count || shown.includes(kept)) return shown
  return [...shown, kept].toSorted((a, b) => a - b)
}

function enter({ row: at, column: over }: GridPlace, { rows, columns, onCell, onRow, onColumn }: FitMatrixProps): void {
  const [row, column] = [rows[at], columns[over]]
  if (row && column) onCell(row, column)
  else if (row) onRow(row)
  else if (column) onColumn(column)
}

/** Tells what is in view where it has changed, not at every drawing. */
function useView(
  { rows, columns, onView }: FitMatrixProps,
  rowItems: readonly VirtualItem[],
  columnItems: readonly VirtualItem[],
): void {
  useEffect(() => {
    onView(
      rowItems.flatMap(({ index }) => rows[index] ?? []),
      columnItems.flatMap(({ index }) => columns[index] ?? []),
    )
  }, [onView, rows, columns, rowItems, columnItems])
}
