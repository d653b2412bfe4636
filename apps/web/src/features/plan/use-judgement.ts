'use client'

import { useEffect, useRef, useState } from 'react'
import { hireJudge } from './hire-judge.ts'
import type { WishKind } from './judge-messages.ts'
import { createJudgePool, type JudgePool, type Judgement, type Question } from './judge-pool.ts'

export interface HeardJudgement<Kind extends WishKind> {
  readonly judgement: Judgement<Kind>
  readonly of: Question<Kind>
}

/**
 * The newest answer to a question about one machine, and which question that was, by a worker of its own: no other answer
 * waits for it. Undefined until one is there. The question has to stay the same object while it is the same.
 */
export function useJudgement<Kind extends WishKind>(
  question: Question<Kind> | undefined,
): HeardJudgement<Kind> | undefined {
  const pool = useRef<JudgePool<Kind> | undefined>(undefined)
  const [heard, setHeard] = useState<HeardJudgement<Kind> | undefined>()
  useEffect(() => () => pool.current?.close(), [])
  useEffect(() => {
    if (!question) return
    pool.current ??= createJudgePool<Kind>(1, hireJudge)
    pool.current.ask(question, {
      onModel: () => undefined,
      onJudgement: (_, judgement) => setHeard({ judgement, of: question }),
      onDone: () => undefined,
    })
  }, [question])
  return heard
}
