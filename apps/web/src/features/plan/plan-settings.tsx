'use client'

import { Card } from '@berth/ui/card'
import { linearScale } from '@berth/ui/slider-scale'
import { SliderField } from '@berth/ui/slider-field'
import { inputLimits, type PlanInputs } from './plan-inputs.ts'
import { UsageChoices, UsageSliders } from './usage-fields.tsx'

const margins = linearScale(0, 8192, 128)

export function PlanSettings({
  inputs,
  onChange,
  trainedContext,
}: {
  readonly inputs: PlanInputs
  readonly onChange: (change: Partial<PlanInputs>) => void
  readonly trainedContext: number | undefined
}) {
  return (
    <Card aria-label="Settings" className="grid gap-x-6 gap-y-4 p-4 sm:grid-cols-2 sm:px-5 xl:grid-cols-4">
      <UsageSliders inputs={inputs} onChange={onChange} trainedContext={trainedContext} />
      <SliderField
        label="Margin per GPU"
        tip="What every GPU must keep free beyond the plan."
        unit="MiB"
        value={inputs.margin}
        onChange={(margin) => onChange({ margin })}
        scale={margins}
        {...inputLimits.marginMebibytes}
      />
      <div className="grid grid-cols-2 gap-x-4 gap-y-4 sm:col-span-2 sm:grid-cols-4 xl:col-span-4">
        <UsageChoices inputs={inputs} onChange={onChange} />
      </div>
    </Card>
  )
}
