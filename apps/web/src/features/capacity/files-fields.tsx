'use client'

import { groupThousands, mixNames } from '@berth/core'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import type { ModelChoice } from '../plan/model-choice.ts'
import { type CapacityInputs, type ChangeInputs, filesOf, mixOf } from './capacity-inputs.ts'

/** Which files are tried: the stored ones, the catalogue in one mix, or both. */
export function FilesFields({
  choices,
  inputs,
  onChange,
}: {
  readonly choices: readonly ModelChoice[]
  readonly inputs: CapacityInputs
  readonly onChange: ChangeInputs
}) {
  const stored = choices.filter(({ kind, format }) => kind === 'stored' && format === 'gguf').length
  const offered = (mix: string): number => choices.filter(({ mixes }) => mixes.includes(mix)).length
  const options = mixNames.filter((mix) => offered(mix) > 0)
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      <legend className="sr-only">Models to try</legend>
      <div className="grid content-start gap-1">
        <p aria-hidden className="text-xs font-medium text-secondary">
          Stored models
        </p>
        <label className="flex h-9 cursor-pointer items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={inputs.stored}
            onChange={({ target }) => onChange({ stored: target.checked })}
          />
          {stored === 1 ? 'The one GGUF file that is stored' : `All ${groupThousands(stored)} stored GGUF files`}
        </label>
      </div>
      <Field
        label="Catalogue"
        tip="Every model of the catalogue that is offered in this quantization."
        hint={`${groupThousands(filesOf(inputs, choices).length)} models are tried.`}
      >
        {(control) => (
          <Select
            {...control}
            options={[
              { value: 'none', label: 'None' },
              ...options.map((mix) => ({ value: mix, label: `All in ${mix}` })),
            ]}
            value={mixOf(inputs) ?? 'none'}
            onChange={({ target }) => onChange({ cat: target.value })}
          />
        )}
      </Field>
    </fieldset>
  )
}
