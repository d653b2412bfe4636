'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { rangeOf, ticked } from './selection.ts'

interface Row {
  readonly id: string
}

export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly tick: (id: string, tick: { readonly on: boolean; readonly through: boolean }) => void
  /** All rows that are drawn. */
  readonly tickRows: (on: boolean) => void
  readonly add: (rows: readonly Row[]) => void
  readonly clear: () => void
}

/** Which machines are ticked; it outlives a change of the filter, and ends with the page. */
export function useSelection(rows: readonly Row[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set<string>())
  // What a tick goes by is that of the moment of the click; the function stays, and with it every row.
  const drawn = useRef(rows)
  useEffect(() => {
    drawn.current = rows
  }, [rows])
  const last = useRef<string>(undefined)
  const tick = useCallback<Selection['tick']>((id, { on, through }) => {
    const range = through
      ? rangeOf(
          drawn.current.map((row) => row.id),
          last.current,
          id,
        )
      : [id]
    last.current = id
    setIds((was) => ticked(was, range, on))
  }, [])
  const add = (more: readonly Row[], on = true) =>
    setIds((was) =>
      ticked(
        was,
        more.map(({ id }) => id),
        on,
      ),
    )
  return {
    ids,
    tick,
    tickRows: (on) => add(rows, on),
    add: (more) => add(more),
    clear: () => setIds(new Set<string>()),
  }
}
