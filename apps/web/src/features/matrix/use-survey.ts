'use client'

import { startTransition, useEffect, useRef, useState } from 'react'
import { askAfterPause } from './ask-after-pause.ts'
import type { Survey, SurveyInput } from './survey.ts'

export interface Surveying {
  /** The last answer; of an earlier question while `behind`. */
  readonly survey: Survey | undefined
  /** The question it is the answer to, as text. */
  readonly key: string
  readonly behind: boolean
  readonly slow: boolean
  readonly cancelled: boolean
  readonly error: unknown
  readonly cancel: () => void
  readonly again: () => void
}

interface Asked {
  readonly key: string
  readonly round: number
}

interface State {
  readonly answer?: { readonly survey: Survey; readonly key: string }
  /** How it stands with a question; nothing yet with one that is not `of` it. */
  readonly phase: 'slow' | 'cancelled' | 'failed' | 'done'
  readonly of?: Asked
  readonly error?: unknown
}

/** Asks anew whenever the question changes, after a pause, and gives up what was asked before. */
export function useSurvey(
  input: SurveyInput,
  ask: (input: SurveyInput, signal: AbortSignal) => Promise<Survey>,
): Surveying {
  const key = JSON.stringify(input)
  const [asked, setAsked] = useState<Asked>({ key, round: 0 })
  const [state, setState] = useState<State>({ phase: 'done' })
  const giveUp = useRef<() => void>(undefined)
  const latest = useRef(ask)
  useEffect(() => {
    latest.current = ask
  }, [ask])
  // A question that is asked again is another one.
  if (asked.key !== key) setAsked({ key, round: 0 })
  useEffect(() => {
    const to = (phase: State['phase'], change: Partial<State> = {}) =>
      setState(({ answer }) => ({ ...(answer && { answer }), phase, of: asked, ...change }))
    const stop = askAfterPause({
      ask: (signal) => latest.current(JSON.parse(asked.key) as SurveyInput, signal),
      // A slider that is moved meanwhile goes first.
      onAnswer: (survey) => startTransition(() => to('done', { answer: { survey, key: asked.key } })),
      onFailure: (error) => to('failed', { error }),
      onSlow: () => to('slow'),
    })
    giveUp.current = stop
    return stop
  }, [asked])
  const phase = state.of === asked ? state.phase : undefined
  return {
    survey: state.answer?.survey,
    key: state.answer?.key ?? '',
    behind: state.answer?.key !== key,
    slow: phase === 'slow',
    cancelled: phase === 'cancelled',
    error: phase === 'failed' ? state.error : undefined,
    cancel: () => {
      giveUp.current?.()
      setState(({ answer }) => ({ ...(answer && { answer }), phase: 'cancelled', of: asked }))
    },
    again: () => setAsked({ key, round: asked.round + 1 }),
  }
}
