'use client'

import { ModelBar } from '../plan/model-bar.tsx'
import type { ModelChoice } from '../plan/model-choice.ts'
import type { CapacityInputs, ChangeInputs } from './capacity-inputs.ts'

/** One model that is a GGUF file, stored or of the catalogue in a mix. */
export function ModelField({
  choices,
  inputs,
  onChange,
}: {
  readonly choices: readonly ModelChoice[]
  readonly inputs: CapacityInputs
  readonly onChange: ChangeInputs
}) {
  const kind = inputs.mix === null ? 'stored' : 'catalogue'
  return (
    <ModelBar
      choices={choices.filter(({ format }) => format === 'gguf')}
      chosen={choices.find((choice) => choice.id === inputs.model && choice.kind === kind)}
      mix={inputs.mix}
      onChange={({ model, mix }) =>
        onChange({ ...(model !== undefined && { model }), ...(mix !== undefined && { mix }) })
      }
    />
  )
}
