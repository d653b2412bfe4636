'use client'

import type { Machine } from '@berth/core'
import { cn } from '@berth/ui/cn'
import { Skeleton } from '@berth/ui/skeleton'
import { useRef } from 'react'
import { ReservePlan } from '../reservation/reserve-plan.tsx'
import type { Subject } from './judge-messages.ts'
import { type ModelChoice, sourceOf } from './model-choice.ts'
import { PlacementDetail } from './placement-detail.tsx'
import type { PlanInputs } from './plan-inputs.ts'
import { SavePlan } from './save-plan.tsx'
import { planInputOf } from './saved-choices.ts'
import { SolveFor } from './solve-for.tsx'
import { solveRefusals } from './solve-refusals.ts'
import { useEditing } from './use-editing.ts'
import { useEngineAlone } from './use-engine-alone.ts'
import { useSolution } from './use-solution.ts'
import type { Verdicts } from './use-verdicts.ts'
import { VerdictList } from './verdict-list.tsx'

/** Where list and detail stand beside each other (Tailwind's `xl`); below, the detail is further down the page. */
const SIDE_BY_SIDE = '(min-width: 80rem)'

/** Every machine’s answer, and that of one of them in full. */
export function PlanAnswers({
  subject,
  answers: { entries, behind, ordered },
  inputs,
  chosen,
  pending,
  onChange,
}: {
  readonly subject: Subject | undefined
  readonly answers: Verdicts
  readonly inputs: PlanInputs
  readonly chosen: ModelChoice
  readonly pending: boolean
  readonly onChange: (change: Partial<PlanInputs>) => void
}) {
  const detail = useRef<HTMLDivElement>(null)
  const asked = entries.find(({ machine }) => machine.id === inputs.machine)
  // Nobody has chosen one: the best, once it is known which that is.
  const open = asked ?? (ordered ? entries[0] : undefined)
  const editing = useEditing({ subject, open, inputs, onChange })
  const planned = open?.current && open.judgement?.ok && open.judgement.verdict.fits
  const alone = useEngineAlone({ subject, machine: planned ? open.machine : undefined }, inputs)
  const solving = useSolution({ subject, machine: open?.machine }, inputs)
  return (
    <div className={cn('grid items-start gap-4 xl:grid-cols-[21rem_minmax(0,1fr)]', pending && 'grayscale')}>
      <VerdictList
        entries={entries}
        behind={behind}
        selected={open?.machine.id}
        onSelect={(machine) => {
          onChange({ machine, show: 0 })
          if (!window.matchMedia(SIDE_BY_SIDE).matches) detail.current?.scrollIntoView()
        }}
      />
      <div
        ref={detail}
        aria-busy={behind}
        className={cn(
          'min-w-0 scroll-mt-16 transition-[filter] lg:scroll-mt-4',
          open?.current === false && 'grayscale delay-150',
        )}
      >
        {open?.judgement?.ok ? (
          <PlacementDetail
            entry={{ machine: open.machine, verdict: open.judgement.verdict, figures: open.judgement.figures }}
            source={sourceOf(chosen, inputs.mix)}
            show={inputs.show}
            onChange={onChange}
            {...(editing && { editing })}
            alone={alone}
            solveFor={
              <SolveFor
                solving={solving}
                refusals={solveRefusals(subject, chosen, inputs.engine)}
                onChange={onChange}
              />
            }
            elsewhere={entries
              .filter(({ judgement }) => judgement?.ok && judgement.verdict.fits)
              .map(({ machine }) => machine)}
            actions={
              <>
                <SavePlan inputs={inputs} machine={open.machine} suggestion={chosen.name} split={editing?.split} />
                <ReserveAnswer
                  input={planInputOf(inputs, open.machine, editing?.split)}
                  machine={open.machine}
                  suggestion={chosen.name}
                />
              </>
            }
          />
        ) : (
          <DetailSkeleton />
        )}
      </div>
    </div>
  )
}

function ReserveAnswer({
  input,
  machine,
  suggestion,
}: {
  readonly input: ReturnType<typeof planInputOf>
  readonly machine: Machine
  readonly suggestion: string
}) {
  if (!input) return null
  return <ReservePlan what={{ kind: 'inputs', ...input }} machineName={machine.name} suggestion={suggestion} />
}

function DetailSkeleton() {
  return (
    <div className="grid gap-4 rounded-lg border border-line bg-surface p-5">
      <Skeleton className="h-7 w-40" />
      <Skeleton className="h-20" />
      <Skeleton className="h-44" />
      <Skeleton className="h-16" />
    </div>
  )
}
