'use client'

import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { engineFor } from './engine-choice.ts'
import { mixFor, type ModelChoice } from './model-choice.ts'
import { ModelPicker } from './model-picker.tsx'
import type { PlanInputs } from './plan-inputs.ts'

/** Which model, and for one of the catalogue in which mix. */
export function ModelBar({
  title = 'Model',
  choices,
  chosen,
  mix,
  engine,
  onChange,
}: {
  readonly title?: string
  readonly choices: readonly ModelChoice[]
  readonly chosen: ModelChoice | undefined
  readonly mix: string | null
  /** Changed with a model that it does not read; left alone where there is none. */
  readonly engine?: string
  readonly onChange: (change: Partial<PlanInputs>) => void
}) {
  const mixes = chosen?.mixes ?? []
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
      <div className="grid content-start gap-1">
        <p aria-hidden className="text-xs font-medium text-secondary">
          {title}
        </p>
        <ModelPicker
          choices={choices}
          chosen={chosen}
          onChoose={(choice) =>
            onChange({
              model: choice.id,
              mix: mixFor(choice, mix),
              ...(engine !== undefined && { engine: engineFor(choice.format, engine) }),
              show: 0,
            })
          }
        />
      </div>
      {mix !== null && mixes.length > 0 && (
        <Field label="Quantization" tip="The mix the model is sized in, tensor by tensor.">
          {(control) => (
            <Select
              {...control}
              className="[&_select]:h-12 [&_svg]:top-4"
              options={mixes.map((name) => ({ value: name, label: name }))}
              value={mix}
              onChange={(event) => onChange({ mix: event.target.value, show: 0 })}
            />
          )}
        </Field>
      )}
    </div>
  )
}
