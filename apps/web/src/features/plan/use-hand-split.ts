'use client'

import type { LayerSplit, Machine } from '@berth/core'
import { useMemo } from 'react'
import type { Judgement, Question } from './judge-pool.ts'
import type { Subject } from './judge-messages.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { useJudgement } from './use-judgement.ts'
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
  const heard = useJudgement(question)
  if (!heard || !question || heard.of.machines[0]?.id !== machine?.id) return undefined
  return { judgement: heard.judgement, current: heard.of === question }
}
