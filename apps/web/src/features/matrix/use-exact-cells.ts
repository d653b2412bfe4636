'use client'

import { startTransition, useCallback, useEffect, useRef, useState } from 'react'
import { createExactLoader, type ExactLoader, type Wish } from './exact-loader.ts'
import type { ExactCells } from './matrix-table.ts'
import type { ExactCell, SurveyFile } from './survey.ts'

/** Scrolling on asks for nothing; where it rests, it does. */
const REST_MS = 150

export type FileWish = Wish<SurveyFile>

type Ask = (wish: FileWish, signal: AbortSignal) => Promise<readonly ExactCell[]>

export interface ExactAnswers {
  readonly exact: ExactCells
  /** Something in view could not be planned; its figures stay estimates. */
  readonly failed: boolean
  readonly want: (wishes: readonly FileWish[]) => void
}

interface Known {
  readonly of: string
  readonly exact: ExactCells
  readonly failed: boolean
}

const nothing: ExactCells = new Map()

/** What is wanted is planned a few files at a time, for the question that `key` stands for and no other. */
export function useExactCells(key: string, ask: Ask): ExactAnswers {
  const [known, setKnown] = useState<Known>({ of: key, exact: nothing, failed: false })
  const loader = useRef<ExactLoader<SurveyFile>>(undefined)
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(ask)
  useEffect(() => {
    latest.current = ask
  }, [ask])
  useEffect(() => {
    const change = (how: (was: Known) => Known) =>
      // A slider that is moved meanwhile goes first.
      startTransition(() => setKnown((was) => how(was.of === key ? was : { of: key, exact: nothing, failed: false })))
    const own = createExactLoader<SurveyFile>({
      ask: (wish, signal) => latest.current(wish, signal),
      onCells: (file, cells) => change((was) => ({ ...was, exact: withCells(was.exact, file, cells) })),
      onFailure: () => change((was) => ({ ...was, failed: true })),
    })
    loader.current = own
    return () => {
      clearTimeout(resting.current)
      own.close()
    }
  }, [key])
  const want = useCallback((wishes: readonly FileWish[]) => {
    clearTimeout(resting.current)
    resting.current = setTimeout(() => loader.current?.want(wishes), REST_MS)
  }, [])
  const current = known.of === key
  return { exact: current ? known.exact : nothing, failed: current && known.failed, want }
}

const withCells = (exact: ExactCells, file: string, cells: readonly ExactCell[]): ExactCells =>
  new Map([
    ...exact,
    [file, new Map([...(exact.get(file) ?? []), ...cells.map((cell) => [cell.machineId, cell] as const)])],
  ])
