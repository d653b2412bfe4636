'use client'

import { useSyncExternalStore } from 'react'
import { since } from './since.ts'

const TICK_MS = 30_000

/** All times on a page share one clock; none runs on the server, whose time zone is not the reader's. */
let now: number | undefined

const subscribe = (changed: () => void): (() => void) => {
  now = Date.now()
  const timer = setInterval(() => {
    now = Date.now()
    changed()
  }, TICK_MS)
  return () => clearInterval(timer)
}

/** "12 min ago"; hovering shows the date and time. */
export function When({ time }: { readonly time: string }) {
  const current = useSyncExternalStore(
    subscribe,
    () => now,
    () => undefined,
  )
  const date = time.slice(0, 10)
  return (
    <time
      dateTime={time}
      data-tip={current === undefined ? undefined : new Date(time).toLocaleString()}
      className="whitespace-nowrap tabular-nums"
    >
      {current === undefined ? date : since(time, current)}
    </time>
  )
}
