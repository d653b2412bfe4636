import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { sizes } from './fit-matrix-parts.ts'
import { type GridPlace, type GridSize, moved, within } from './geometry/grid-move.ts'

export interface GridFocus {
  /** The one cell that the tab key reaches. */
  readonly active: GridPlace
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onFocus: (event: FocusEvent) => void
}

/** The place of the cell that an event happened in. */
export function placeAt(target: EventTarget): GridPlace | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null
  const [row, column] = cell?.dataset['at']?.split(':').map(Number) ?? []
  return row === undefined || column === undefined ? undefined : { row, column }
}

export interface GridCallbacks {
  /** Where the keyboard stands now; `scroll` where it has to be brought into view. */
  readonly onActive: (at: GridPlace, scroll: boolean) => void
  readonly onEnter: (at: GridPlace) => void
}

/** Arrow keys over a grid of which only a part is drawn: the grid scrolls there first, and then the cell is focused. */
export function useGridFocus(
  scroller: RefObject<HTMLElement | null>,
  { rows, columns }: Omit<GridSize, 'page'>,
  { onActive, onEnter }: GridCallbacks,
): GridFocus {
  const [wanted, setWanted] = useState<GridPlace>({ row: 0, column: 0 })
  const active = within(wanted, { rows, columns })
  const pending = useRef(false)
  useEffect(() => {
    if (!pending.current) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-at="${active.row}:${active.column}"]`)
    if (!cell) return
    pending.current = false
    cell.focus({ preventScroll: true })
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const at = placeAt(event.target)
    if (!at) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onEnter(at)
      return
    }
    const to = event.altKey ? undefined : moved(at, { rows, columns, page: pageOf(scroller.current) }, event)
    if (!to) return
    event.preventDefault()
    pending.current = true
    onActive(to, true)
    setWanted(to)
  }
  const onFocus = ({ target }: FocusEvent) => {
    const at = placeAt(target)
    if (!at) return
    onActive(at, false)
    setWanted(at)
  }
  return { active, onKeyDown, onFocus }
}

/** Rows that are seen at once, less one that stays for the eye to hold on to. */
const pageOf = (scroller: HTMLElement | null): number =>
  Math.max(1, Math.floor(((scroller?.clientHeight ?? 0) - sizes.head) / sizes.row) - 1)
