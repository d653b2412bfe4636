'use client'

import { readHandSplit, splitOf, writeHandSplit } from './hand-split.ts'
import type { Subject } from './judge-messages.ts'
import type { PlanInputs } from './plan-inputs.ts'
import type { HandEditing } from './split-by-hand.tsx'
import { useHandSplit } from './use-hand-split.ts'
import type { Entry } from './use-verdicts.ts'
import { offersOf } from './verdict-view.ts'

export interface EditingInput {
  readonly subject: Subject | undefined
  /** The machine that is open. */
  readonly open: Entry | undefined
  readonly inputs: PlanInputs
  readonly onChange: (change: Partial<PlanInputs>) => void
}

/** The hand-made split of the machine that is open, judged, kept in the address. Undefined before there is a plan to change. */
export function useEditing({ subject, open, inputs, onChange }: EditingInput): HandEditing | undefined {
  const machine = open?.machine
  const offers = open?.judgement?.ok ? offersOf(open.judgement.verdict) : []
  const planned = (offers[inputs.show] ?? offers[0])?.placement
  const counts = machine && readHandSplit(inputs.split, machine)
  const split = machine && planned && counts ? splitOf(counts, planned.split, machine) : undefined
  const answer = useHandSplit({ subject, machine, split }, inputs)
  // ExLlama is told GB and not layers.
  if (!machine || !planned || planned.exl2) return undefined
  return {
    counts,
    split,
    answer,
    // Named with the split, so that the address stays true where another machine becomes the best.
    onChange: (next) => onChange({ machine: machine.id, split: next ? writeHandSplit(next, machine) : null }),
  }
}
