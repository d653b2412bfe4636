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

/** The time by the page's clock (ms since 1970); undefined until it runs in a browser. */
export const useNow = (): number | undefined =>
  useSyncExternalStore(
    subscribe,
    () => now,
    () => undefined,
  )

/** "12 min ago"; hovering shows the date and time. */
export function When({ time }: { readonly time: string }) {
  const current = useNow()
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
