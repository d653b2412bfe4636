'use client'

import { explainSolution, type UnknownId } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { cn } from '@berth/ui/cn'
import { LoaderCircle } from 'lucide-react'
import { solvedChange } from './apply-solution.ts'
import type { PlanInputs } from './plan-inputs.ts'
import type { Solved, Solving } from './use-solution.ts'

interface Question {
  readonly label: string
  readonly sought: string
  readonly tip: string
}

/** What can be left open, in the order of the buttons. */
const questions: Readonly<Record<UnknownId, Question>> = {
  context: {
    label: 'Largest context',
    sought: 'the largest context',
    tip: '-c: the most that each slot can have, in steps of 256 tokens.',
  },
  slots: {
    label: 'Most slots',
    sought: 'the most slots',
    tip: '-np: as many as fit, each with the context that one has now.',
  },
  'cache-type': { label: 'Best KV type', sought: 'the best KV type', tip: '-ctk and -ctv: the finest that fit.' },
  mix: {
    label: 'Best quantization',
    sought: 'the best quantization',
    tip: 'Of those that fit, the one that loses least.',
  },
}

const unknowns = Object.keys(questions) as readonly UnknownId[]

export interface SolveForProps {
  readonly solving: Solving
  /** Why it cannot be asked for; nothing where it can. */
  readonly refusals: Partial<Record<UnknownId, string>>
  readonly onChange: (change: Partial<PlanInputs>) => void
}

/** Leaves one thing open and finds its best value on this machine, the rest as it is asked. */
export function SolveFor({ solving, refusals, onChange }: SolveForProps) {
  const { solved } = solving
  return (
    <section aria-label="Solve for" className="grid gap-3 px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="mr-1 text-sm font-semibold">Solve for</h3>
        {unknowns.map((unknown) => (
          <Button
            key={unknown}
            size="sm"
            aria-pressed={solved?.unknown === unknown}
            className={cn(solved?.unknown === unknown && 'border-accent ring-1 ring-accent')}
            data-tip={questions[unknown].tip}
            disabledReason={refusals[unknown]}
            onClick={() => solving.ask(unknown)}
          >
            {questions[unknown].label}
          </Button>
        ))}
      </div>
      <div role="status" className={solved ? undefined : 'sr-only'}>
        {solved &&
          (solved.judgement ? <Answer {...{ solved, solving, onChange }} /> : <Working {...{ solving, solved }} />)}
      </div>
    </section>
  )
}

function Working({ solving, solved }: { readonly solving: Solving; readonly solved: Solved }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-xs text-secondary">
      <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" />
      <p className="min-w-0 flex-1">
        Looking for {questions[solved.unknown].sought} on {solved.machine.name}
      </p>
      <Button size="sm" variant="ghost" onClick={solving.cancel}>
        Cancel
      </Button>
    </div>
  )
}

function Answer({
  solved: { judgement, machine },
  solving,
  onChange,
}: Pick<SolveForProps, 'solving' | 'onChange'> & { readonly solved: Solved }) {
  if (!judgement) return null
  if (!judgement.ok) return <Callout tone="error" title={`It could not be solved: ${judgement.message}`} />
  const { solution } = judgement
  const change = solution.solved ? solvedChange(solution.value) : undefined
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md border border-line px-3 py-2">
      <p className="min-w-0 flex-1 basis-64 text-xs">{explainSolution(solution, machine)}</p>
      {change && (
        <Button
          size="sm"
          variant="primary"
          disabledReason={solving.inUse ? 'The plan has it already.' : undefined}
          // Named with it, so that the plan stays on this machine where another becomes the best.
          onClick={() => onChange({ machine: machine.id, ...change })}
        >
          Use it
        </Button>
      )}
    </div>
  )
}
