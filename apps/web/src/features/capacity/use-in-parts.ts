'use client'

import { useEffect, useEffectEvent, useRef, useState } from 'react'
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
  const [round, setRound] = useState(0)
  const turn = `${round} ${key}`
  const [heard, setHeard] = useState<{ readonly turn: string; readonly asking: Asking<Result> } | undefined>()
  const controller = useRef<AbortController | undefined>(undefined)
  const start = useEffectEvent((signal: AbortSignal, asked: string) => {
    if (question) void askInParts(question, signal, (asking) => setHeard({ turn: asked, asking }))
  })
  const isAsked = question !== undefined
  useEffect(() => {
    if (!isAsked) return undefined
    const current = new AbortController()
    controller.current = current
    const timer = setTimeout(() => start(current.signal, turn), REST_MS)
    return () => {
      clearTimeout(timer)
      current.abort()
    }
  }, [turn, isAsked])
  const nothing = { results: [], done: 0, of: 0 } as const
  const pending: Asking<Result> = isAsked ? { state: 'working', ...nothing } : { state: 'idle' }
  const asking = isAsked && heard?.turn === turn ? heard.asking : pending
  return {
    asking,
    cancel: () => {
      controller.current?.abort()
      setHeard({ turn, asking: { ...nothing, ...asking, state: 'cancelled' } })
    },
    again: () => setRound(round + 1),
  }
}
