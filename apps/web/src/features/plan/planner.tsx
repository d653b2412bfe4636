'use client'

import { explainDescribeIssue, type GgufHeader, type Machine } from '@berth/core'
import { Callout } from '@berth/ui/callout'
import { cn } from '@berth/ui/cn'
import { useRef } from 'react'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { ModelBar } from './model-bar.tsx'
import { type ModelChoice, sourceOf } from './model-choice.ts'
import { PlacementDetail } from './placement-detail.tsx'
import type { PlanInputs } from './plan-inputs.ts'
import { PlanSettings } from './plan-settings.tsx'
import { NoMachines, NoModel } from './planner-empty.tsx'
import { SavePlan } from './save-plan.tsx'
import { useModelHeader } from './use-model-header.ts'
import { usePlanInputs } from './use-plan-inputs.ts'
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
  const answers = useVerdicts(header, machines, inputs)
  const chosen = choices.find(
    ({ kind, id }) => id === inputs.model && kind === (inputs.mix === null ? 'stored' : 'catalogue'),
  )
  const change = (next: Partial<PlanInputs>) => void setInputs(next)
  const trained = answers?.model.ok ? answers.model.value.contextLengthTrained : undefined
  return (
    <div className="grid gap-4">
      <ModelBar choices={choices} chosen={chosen} mix={inputs.mix} onChange={change} />
      <PlanSettings inputs={inputs} onChange={change} trainedContext={trained} />
      {error !== null && error !== undefined && <FailureCallout title="The model could not be loaded." error={error} />}
      {answers && !answers.model.ok && (
        <Callout tone="error" title="This model cannot be planned.">
          {explainDescribeIssue(answers.model.issue)}
        </Callout>
      )}
      {!inputs.model && <NoModel onChoose={change} choices={choices} />}
      {inputs.model && machines.length === 0 && <NoMachines />}
      {answers && chosen && answers.verdicts.length > 0 && (
        <Answers answers={answers} inputs={inputs} chosen={chosen} pending={pending} onChange={change} />
      )}
    </div>
  )
}

/** Where list and detail stand beside each other (Tailwind's `xl`); below, the detail is further down the page. */
const SIDE_BY_SIDE = '(min-width: 80rem)'

function Answers({
  answers: { verdicts, behind },
  inputs,
  chosen,
  pending,
  onChange,
}: {
  readonly answers: Verdicts
  readonly inputs: PlanInputs
  readonly chosen: ModelChoice
  readonly pending: boolean
  readonly onChange: (change: Partial<PlanInputs>) => void
}) {
  const detail = useRef<HTMLDivElement>(null)
  const open = verdicts.find(({ machine }) => machine.id === inputs.machine) ?? verdicts[0]
  if (!open) return null
  return (
    <div
      aria-busy={behind || pending}
      className={cn('grid items-start gap-4 xl:grid-cols-[21rem_minmax(0,1fr)]', pending && 'opacity-60')}
    >
      <VerdictList
        verdicts={verdicts}
        selected={open.machine.id}
        onSelect={(machine) => {
          onChange({ machine, show: 0 })
          if (!window.matchMedia(SIDE_BY_SIDE).matches) detail.current?.scrollIntoView()
        }}
      />
      <div ref={detail} className="min-w-0 scroll-mt-16 lg:scroll-mt-4">
        <PlacementDetail
          entry={open}
          source={sourceOf(chosen, inputs.mix)}
          show={inputs.show}
          onChange={onChange}
          actions={<SavePlan inputs={inputs} machine={open.machine} suggestion={chosen.name} />}
        />
      </div>
    </div>
  )
}
