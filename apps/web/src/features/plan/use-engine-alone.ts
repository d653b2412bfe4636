'use client'

import type { EngineAlone, Machine } from '@berth/core'
import { useMemo } from 'react'
import type { Subject } from './judge-messages.ts'
import type { Question } from './judge-pool.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { useJudgement } from './use-judgement.ts'
import { useRequest } from './use-verdicts.ts'

/** Being worked out; or what the engine would do, which is nothing where it decides nothing of itself. */
export type AloneAnswer =
  | { readonly pending: true }
  | { readonly pending: false; readonly alone?: EngineAlone; readonly account: readonly string[] }

const pending: AloneAnswer = { pending: true }
const nothing: AloneAnswer = { pending: false, account: [] }

/**
 * What the engine left alone would do on the machine that is open, in a worker of its own: it takes about as long as a plan, and
 * no machine's verdict is to wait for it. Without a machine nothing is asked.
 */
export function useEngineAlone(
  { subject, machine }: { readonly subject: Subject | undefined; readonly machine: Machine | undefined },
  inputs: PlanInputs,
): AloneAnswer {
  const request = useRequest(inputs)
  const { engine } = inputs
  const question = useMemo<Question<'alone'> | undefined>(
    () => (subject && machine ? { subject, machines: [machine], wish: { kind: 'alone', request, engine } } : undefined),
    [subject, machine, request, engine],
  )
  const heard = useJudgement(question)
  if (!question || heard?.of !== question) return pending
  const { judgement } = heard
  return judgement.ok && judgement.alone
    ? { pending: false, alone: judgement.alone, account: judgement.account }
    : nothing
}
