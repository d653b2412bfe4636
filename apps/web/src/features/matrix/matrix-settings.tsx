'use client'

import { memoryBases } from '@berth/core'
import { Card } from '@berth/ui/card'
import { linearScale } from '@berth/ui/slider-scale'
import { SliderField } from '@berth/ui/slider-field'
import { engineOptions, readEngine, writeEngine } from '../plan/engine-choice.ts'
import { inputLimits } from '../plan/plan-inputs.ts'
import { Choice, UsageChoices, UsageSliders } from '../plan/usage-fields.tsx'
import type { MatrixInputs } from './matrix-inputs.ts'
import { basisWords } from './matrix-words.ts'

const margins = linearScale(0, 8192, 128)
const engines = engineOptions()
const bases = memoryBases.map((basis) => ({ value: basis, label: basisWords[basis].label }))

/** What is asked of every pair: how the models are used, what runs them, and what counts as free. */
export function MatrixSettings({
  inputs,
  onChange,
}: {
  readonly inputs: MatrixInputs
  readonly onChange: (change: Partial<MatrixInputs>) => void
}) {
  return (
    <Card aria-label="Settings" className="grid gap-x-6 gap-y-4 p-4 sm:grid-cols-2 sm:px-5 xl:grid-cols-3">
      <UsageSliders inputs={inputs} onChange={onChange} trainedContext={undefined} ubatch={false} />
      <SliderField
        label="Margin per GPU"
        tip="What every GPU must keep free beyond a plan."
        unit="MiB"
        value={inputs.margin}
        onChange={(margin) => onChange({ margin })}
        scale={margins}
        {...inputLimits.marginMebibytes}
      />
      <div className="grid grid-cols-2 gap-4 sm:col-span-2 sm:grid-cols-3 xl:col-span-3 xl:grid-cols-6">
        <UsageChoices inputs={inputs} onChange={onChange} />
        <Choice
          label="Engine"
          tip="What will run the models. Engines differ in what they allocate and in what they can be told."
          options={engines}
          value={writeEngine(readEngine(inputs.engine))}
          onChange={(engine) => onChange({ engine })}
        />
        <Choice
          label="Memory"
          tip={basisWords[inputs.memory].tip}
          options={bases}
          value={inputs.memory}
          onChange={(value) => onChange({ memory: memoryBases.find((basis) => basis === value) ?? inputs.memory })}
        />
      </div>
    </Card>
  )
}
