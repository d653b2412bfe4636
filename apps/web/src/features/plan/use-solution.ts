'use client'

import type { Machine, UnknownId } from '@berth/core'
import { useEffect, useState } from 'react'
import { asksTheSame, solvedChange } from './apply-solution.ts'
import { hireJudge } from './hire-judge.ts'
import type { Subject } from './judge-messages.ts'
import { createJudgePool, type Judgement } from './judge-pool.ts'
import { type PlanInputs, requestOf } from './plan-inputs.ts'

interface Asked {
  readonly unknown: UnknownId
  readonly subject: Subject
  readonly machine: Machine
  readonly inputs: PlanInputs
}

/** What was asked, and what came of it; without a judgement it is being worked out. */
export interface Solved extends Pick<Asked, 'unknown' | 'machine'> {
  readonly judgement: Judgement<'solve'> | undefined
}

export interface Solving {
  /** Undefined where nothing has been asked, or the inputs ask for something else since. */
  readonly solved: Solved | undefined
  /** The inputs are already those with the solved value. */
  readonly inUse: boolean
  readonly ask: (unknown: UnknownId) => void
  readonly cancel: () => void
}

/** Solves on one machine. An answer stands as long as the inputs are those it was asked with, or those it leads to. */
export function useSolution(
  { subject, machine }: { readonly subject: Subject | undefined; readonly machine: Machine | undefined },
  inputs: PlanInputs,
): Solving {
  const [asked, setAsked] = useState<Asked | undefined>()
  const judgement = useJudgement(asked)
  const inUse = asked !== undefined && isInUse(asked, judgement, inputs)
  const stands = asked?.machine.id === machine?.id && (inUse || (asked && asksTheSame(asked.inputs, inputs)))
  if (asked && !stands) setAsked(undefined)
  return {
    solved: asked && stands ? { unknown: asked.unknown, machine: asked.machine, judgement } : undefined,
    inUse,
    ask: (unknown) => {
      if (subject && machine) setAsked({ unknown, subject, machine, inputs })
    },
    cancel: () => setAsked(undefined),
  }
}

/** Works in a thread of its own, which is ended where nobody waits for its answer any more: it may take many seconds. */
function useJudgement(asked: Asked | undefined): Judgement<'solve'> | undefined {
  const [heard, setHeard] = useState<{ readonly judgement: Judgement<'solve'>; readonly of: Asked } | undefined>()
  useEffect(() => {
    if (!asked) return undefined
    const { subject, machine, inputs, unknown } = asked
    const pool = createJudgePool<'solve'>(1, hireJudge)
    const wish = { kind: 'solve', request: requestOf(inputs), engine: inputs.engine, unknown } as const
    pool.ask(
      { subject, machines: [machine], wish },
      {
        onModel: () => undefined,
        onJudgement: (_, judgement) => setHeard({ judgement, of: asked }),
        onDone: pool.close,
      },
    )
    return pool.close
  }, [asked])
  return heard?.of === asked ? heard?.judgement : undefined
}

function isInUse({ inputs: asked }: Asked, judgement: Judgement<'solve'> | undefined, inputs: PlanInputs): boolean {
  if (!judgement?.ok || !judgement.solution.solved) return false
  return asksTheSame({ ...asked, ...solvedChange(judgement.solution.value) }, inputs)
}
