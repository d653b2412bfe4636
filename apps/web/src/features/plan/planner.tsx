'use client'

import { explainDescribeIssue, type GgufHeader, type Machine } from '@berth/core'
import { Callout } from '@berth/ui/callout'
import { cn } from '@berth/ui/cn'
import { Skeleton } from '@berth/ui/skeleton'
import { useRef } from 'react'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { Subject } from './judge-messages.ts'
import { ModelBar } from './model-bar.tsx'
import { type ModelChoice, sourceOf } from './model-choice.ts'
import { PlacementDetail } from './placement-detail.tsx'
import type { PlanInputs } from './plan-inputs.ts'
import { PlanGoal } from './plan-goal.tsx'
import { PlanSettings } from './plan-settings.tsx'
import { NoMachines, NoModel } from './planner-empty.tsx'
import { SavePlan } from './save-plan.tsx'
import { useEditing } from './use-editing.ts'
import { useModelHeader } from './use-model-header.ts'
import { usePlanInputs } from './use-plan-inputs.ts'
import { useSubject } from './use-subject.ts'
import { useVerdicts, type Verdicts } from './use-verdicts.ts'
import { VerdictList } from './verdict-list.tsx'

export interface PlannerProps {
  readonly machines: readonly Machine[]
  readonly choices: readonly ModelChoice[]
  /** The header of the model the page was opened with. */
  readonly first: { readonly model: string; readonly mix: string | null; readonly header: GgufHeader } | undefined
}

/** The question on top, every machine's answer below; all of it in the address. */
export function Planner({ machines, choices, first }: PlannerProps) {
  const [inputs, setInputs] = usePlanInputs()
  const { header, error, pending } = useModelHeader(inputs, first)
  const chosen = choices.find(
    ({ kind, id }) => id === inputs.model && kind === (inputs.mix === null ? 'stored' : 'catalogue'),
  )
  const subject = useSubject(header, chosen, inputs)
  const answers = useVerdicts(subject, machines, inputs)
  // Another model, machine or placement is shown from its plan.
  const change = (next: Partial<PlanInputs>) => void setInputs('show' in next ? { split: null, ...next } : next)
  const { model } = answers
  return (
    <div className="grid gap-4">
      <ModelBar choices={choices} chosen={chosen} mix={inputs.mix} onChange={change} />
      <PlanSettings
        inputs={inputs}
        onChange={change}
        trainedContext={model?.ok ? model.contextLengthTrained : undefined}
      />
      <PlanGoal inputs={inputs} choices={choices} onChange={change} />
      {error !== null && error !== undefined && <FailureCallout title="The model could not be loaded." error={error} />}
      {model?.ok === false && (
        <Callout tone="error" title="This model cannot be planned.">
          {explainDescribeIssue(model.issue)}
        </Callout>
      )}
      {!inputs.model && <NoModel onChoose={change} choices={choices} />}
      {inputs.model && machines.length === 0 && <NoMachines />}
      {header && chosen && machines.length > 0 && model?.ok !== false && (
        <Answers
          subject={subject}
          answers={answers}
          inputs={inputs}
          chosen={chosen}
          pending={pending}
          onChange={change}
        />
      )}
    </div>
  )
}

/** Where list and detail stand beside each other (Tailwind's `xl`); below, the detail is further down the page. */
const SIDE_BY_SIDE = '(min-width: 80rem)'

function Answers({
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
            elsewhere={entries
              .filter(({ judgement }) => judgement?.ok && judgement.verdict.fits)
              .map(({ machine }) => machine)}
            actions={<SavePlan inputs={inputs} machine={open.machine} suggestion={chosen.name} />}
          />
        ) : (
          <DetailSkeleton />
        )}
      </div>
    </div>
  )
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
