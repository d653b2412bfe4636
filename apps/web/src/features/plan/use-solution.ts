'use client'

import type { Machine, UnknownId } from '@berth/core'
import { useEffect, useRef, useState } from 'react'
import { asksTheSame, solvedChange } from './apply-solution.ts'
import { hireJudge } from './hire-judge.ts'
import type { Subject } from './judge-messages.ts'
import { createJudgePool, type JudgePool, type Judgement } from './judge-pool.ts'
import { type PlanInputs, requestOf } from './plan-inputs.ts'

/** What was asked, of which machine, and what came of it; without a judgement it is being worked out. */
export interface Solved {
  readonly unknown: UnknownId
  readonly machine: Machine
  readonly inputs: PlanInputs
  readonly judgement?: Judgement<'solve'>
}

export interface Solving {
  /** Undefined where nothing has been asked, or the inputs ask for something else since. */
  readonly solved: Solved | undefined
  /** The inputs are already those with the solved value. */
  readonly inUse: boolean
  readonly ask: (unknown: UnknownId) => void
  readonly cancel: () => void
}

/** Solves in a worker of its own, which is ended where nobody waits for its answer any more: it may take many seconds. */
export function useSolution(
  { subject, machine }: { readonly subject: Subject | undefined; readonly machine: Machine | undefined },
  inputs: PlanInputs,
): Solving {
  const pool = useRef<JudgePool<'solve'> | undefined>(undefined)
  const [latest, setLatest] = useState<Solved | undefined>()
  const stop = () => pool.current?.close()
  useEffect(() => stop, [])
  const inUse = latest !== undefined && isInUse(latest, inputs)
  const stands = latest?.machine.id === machine?.id && (inUse || (latest && asksTheSame(latest.inputs, inputs)))
  useEffect(() => {
    if (stands) return
    stop()
    setLatest(undefined)
  }, [stands])
  return {
    solved: stands ? latest : undefined,
    inUse,
    ask: (unknown) => {
      if (!subject || !machine) return
      stop()
      pool.current ??= createJudgePool<'solve'>(1, hireJudge)
      const asked = { unknown, machine, inputs }
      setLatest(asked)
      const wish = { kind: 'solve', request: requestOf(inputs), unknown } as const
      pool.current.ask(
        { subject, machines: [machine], wish },
        {
          onModel: () => undefined,
          onJudgement: (_, judgement) => setLatest({ ...asked, judgement }),
          onDone: () => undefined,
        },
      )
    },
    cancel: () => {
      stop()
      setLatest(undefined)
    },
  }
}

function isInUse({ inputs: asked, judgement }: Solved, inputs: PlanInputs): boolean {
  if (!judgement?.ok || !judgement.solution.solved) return false
  return asksTheSame({ ...asked, ...solvedChange(judgement.solution.value) }, inputs)
}
