'use client'

import type { LayerSplit, Machine } from '@berth/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { hireJudge } from './hire-judge.ts'
import { createJudgePool, type JudgePool, type Judgement, type Question } from './judge-pool.ts'
import type { Subject } from './judge-messages.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { useRequest } from './use-verdicts.ts'

export interface HandJudgement {
  readonly judgement: Judgement
  /** False while a split that was asked for since is being judged. */
  readonly current: boolean
}

/**
 * What core says of a split made by hand, in a worker of its own: dragging a boundary asks many times a second, and the
 * machines' verdicts are not to wait for it. Undefined while there is no such split, or no answer yet.
 */
export function useHandSplit(
  asked: {
    readonly subject: Subject | undefined
    readonly machine: Machine | undefined
    readonly split: LayerSplit | undefined
  },
  inputs: PlanInputs,
): HandJudgement | undefined {
  const { subject, machine } = asked
  const pool = useRef<JudgePool | undefined>(undefined)
  const [heard, setHeard] = useState<{ readonly judgement: Judgement; readonly of: Question } | undefined>()
  const request = useRequest(inputs)
  const { engine } = inputs
  const key = asked.split && JSON.stringify(asked.split)
  const question = useMemo<Question | undefined>(
    () =>
      key === undefined || machine === undefined || subject === undefined
        ? undefined
        : {
            subject,
            machines: [machine],
            wish: { kind: 'plan', engine, request, split: JSON.parse(key) as LayerSplit },
          },
    [subject, machine, request, engine, key],
  )
  useEffect(() => () => pool.current?.close(), [])
  useEffect(() => {
    if (!question) return
    pool.current ??= createJudgePool(1, hireJudge)
    pool.current.ask(question, {
      onModel: () => undefined,
      onJudgement: (_, judgement) => setHeard({ judgement, of: question }),
      onDone: () => undefined,
    })
  }, [question])
  if (!heard || !question || heard.of.machines[0]?.id !== machine?.id) return undefined
  return { judgement: heard.judgement, current: heard.of === question }
}
