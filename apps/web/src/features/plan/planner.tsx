'use client'

import { explainDescribeIssue, type Machine } from '@berth/core'
import { Callout } from '@berth/ui/callout'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { ModelBar } from './model-bar.tsx'
import type { ModelChoice } from './model-choice.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { PlanAnswers } from './plan-answers.tsx'
import { PlanGoal } from './plan-goal.tsx'
import type { PlannedHeader } from './planned-header.ts'
import { PlanSettings } from './plan-settings.tsx'
import { NoMachines, NoModel } from './planner-empty.tsx'
import { useModelHeader } from './use-model-header.ts'
import { usePlanInputs } from './use-plan-inputs.ts'
import { useSubject } from './use-subject.ts'
import { useVerdicts } from './use-verdicts.ts'

export interface PlannerProps {
  readonly machines: readonly Machine[]
  readonly choices: readonly ModelChoice[]
  /** The header of the model the page was opened with. */
  readonly first: { readonly model: string; readonly mix: string | null; readonly header: PlannedHeader } | undefined
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
      <ModelBar choices={choices} chosen={chosen} mix={inputs.mix} engine={inputs.engine} onChange={change} />
      <PlanSettings
        inputs={inputs}
        onChange={change}
        trainedContext={model?.ok ? model.contextLengthTrained : undefined}
      />
      <PlanGoal inputs={inputs} choices={choices} format={chosen?.format} onChange={change} />
      {error !== null && error !== undefined && <FailureCallout title="The model could not be loaded." error={error} />}
      {model?.ok === false && (
        <Callout tone="error" title="This model cannot be planned.">
          {explainDescribeIssue(model.issue)}
        </Callout>
      )}
      {!inputs.model && <NoModel onChoose={change} choices={choices} />}
      {inputs.model && machines.length === 0 && <NoMachines />}
      {header && chosen && machines.length > 0 && model?.ok !== false && (
        <PlanAnswers
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
