'use client'

import { momentWords, zoneWords } from '@berth/ui/time-words'
import { useNow } from '../shell/when.tsx'

/** A moment on the reader's clock; hovering names its zone. On the server, which has another, in UTC. */
export function Moment({ time }: { readonly time: string }) {
  const inBrowser = useNow() !== undefined
  const at = Date.parse(time)
  return (
    <time dateTime={time} data-tip={inBrowser ? zoneWords(at) : undefined} className="whitespace-nowrap tabular-nums">
      {inBrowser ? momentWords(at) : `${time.slice(0, 16).replace('T', ' ')} UTC`}
    </time>
  )
}
