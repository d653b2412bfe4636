'use client'

import { Card } from '@berth/ui/card'
import { linearScale } from '@berth/ui/slider-scale'
import { SliderField } from '@berth/ui/slider-field'
import { isExllama } from './engine-choice.ts'
import { CacheModeChoice, ChunkSlider } from './exllama-fields.tsx'
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
  const exllama = isExllama(inputs.engine)
  return (
    <Card aria-label="Settings" className="grid gap-x-6 gap-y-4 p-4 sm:grid-cols-2 sm:px-5 xl:grid-cols-4">
      <UsageSliders inputs={inputs} onChange={onChange} trainedContext={trainedContext} ubatch={!exllama} />
      {exllama && <ChunkSlider inputs={inputs} onChange={onChange} />}
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
        {exllama && <CacheModeChoice inputs={inputs} onChange={onChange} />}
        <UsageChoices inputs={inputs} onChange={onChange} cacheTypes={!exllama} />
      </div>
    </Card>
  )
}
