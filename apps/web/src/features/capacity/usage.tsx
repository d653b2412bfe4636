'use client'

import { groupThousands } from '@berth/core'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { doublingScale, linearScale } from '@berth/ui/slider-scale'
import { SliderField } from '@berth/ui/slider-field'
import { engineOptions, writeEngine } from '../plan/engine-choice.ts'
import { inputLimits } from '../plan/plan-inputs.ts'
import { UsageChoices } from '../plan/usage-fields.tsx'
import { type CapacityInputs, type ChangeInputs, engineChoiceOf, usageOf } from './capacity-inputs.ts'

const contexts = doublingScale(256, 131_072, 256)
const users = linearScale(1, 32, 1)
/** Engines of folders answer none of these questions. */
const engines = engineOptions('gguf').filter(({ disabled }) => !disabled)

/** How the model is to be used: what every question asks. */
export function Usage({ inputs, onChange }: { readonly inputs: CapacityInputs; readonly onChange: ChangeInputs }) {
  const usage = usageOf(inputs)
  const all = usage.np > 1 ? `${groupThousands(usage.ctx)} tokens in all.` : undefined
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
      <SliderField
        label="Context of a user"
        tip="What one user may have in a conversation. -c is that of all users together."
        unit="tokens"
        value={inputs.ctx}
        onChange={(ctx) => onChange({ ctx })}
        scale={contexts}
        {...inputLimits.contextLength}
        {...(all && { hint: all })}
      />
      <SliderField
        label="Users"
        tip="-np: requests served at the same time."
        value={inputs.users}
        onChange={(value) => onChange({ users: value })}
        scale={users}
        {...inputLimits.parallel}
      />
      <Field
        label="Engine"
        tip="What will run the model. Engines differ in what they allocate and in what they can be told."
      >
        {(control) => (
          <Select
            {...control}
            options={engines}
            value={writeEngine(engineChoiceOf(inputs))}
            onChange={({ target }) => onChange({ engine: target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4 sm:col-span-2 sm:grid-cols-4 xl:col-span-3">
        <UsageChoices
          inputs={usage}
          onChange={({ ctk, ctv, fa, kvu }) =>
            onChange({
              ...(ctk !== undefined && { ctk }),
              ...(ctv !== undefined && { ctv }),
              ...(fa !== undefined && { fa }),
              ...(kvu !== undefined && { kvu }),
            })
          }
        />
      </div>
    </div>
  )
}
