'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { askInParts, type Asking, type InParts } from './in-parts.ts'

/** While somebody still types or moves a slider, nothing is asked. */
const REST_MS = 350

export interface Asked<Result> {
  readonly asking: Asking<Result>
  readonly cancel: () => void
  /** The same once more, after it was cancelled or failed. */
  readonly again: () => void
}

/** Asks whenever the question becomes another; what is not asked for any more is ended, on the server too. */
export function useInParts<Part, Result>(question: InParts<Part, Result> | undefined, key: string): Asked<Result> {
  const [heard, setHeard] = useState<{ readonly key: string; readonly asking: Asking<Result> } | undefined>()
  const [round, setRound] = useState(0)
  const [controller, setController] = useState<AbortController | undefined>()
  const start = useEffectEvent((signal: AbortSignal) => {
    if (question) void askInParts(question, signal, (asking) => setHeard({ key, asking }))
  })
  const isAsked = question !== undefined
  useEffect(() => {
    if (!isAsked) return undefined
    const current = new AbortController()
    setController(current)
    const timer = setTimeout(() => start(current.signal), REST_MS)
    return () => {
      clearTimeout(timer)
      current.abort()
    }
  }, [key, isAsked, round])
  const pending: Asking<Result> = isAsked ? { state: 'working', results: [], done: 0, of: 0 } : { state: 'idle' }
  const asking = isAsked && heard?.key === key ? heard.asking : pending
  return {
    asking,
    cancel: () => {
      controller?.abort()
      const progress = asking.state === 'idle' ? { results: [], done: 0, of: 0 } : asking
      setHeard({ key, asking: { ...progress, state: 'cancelled' } })
    },
    again: () => {
      setHeard(undefined)
      setRound(round + 1)
    },
  }
}
