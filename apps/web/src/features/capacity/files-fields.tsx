'use client'

import { groupThousands, mixNames } from '@berth/core'
import { cn } from '@berth/ui/cn'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import type { ReactNode } from 'react'
import type { ModelChoice } from '../plan/model-choice.ts'
import { type CapacityInputs, type ChangeInputs, filesOf, mixOf } from './capacity-inputs.ts'

/** Which files are tried: the stored ones, the catalogue in one mix, or both. */
export function FilesFields({
  choices,
  inputs,
  onChange,
  children,
}: {
  readonly choices: readonly ModelChoice[]
  readonly inputs: CapacityInputs
  readonly onChange: ChangeInputs
  /** Fields that stand beside these. */
  readonly children?: ReactNode
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
        <label className={cn('flex h-9 items-center gap-2 text-sm', stored === 0 ? 'text-tertiary' : 'cursor-pointer')}>
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            disabled={stored === 0}
            checked={inputs.stored && stored > 0}
            onChange={({ target }) => onChange({ stored: target.checked })}
          />
          {storedWords(stored)}
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
      {children}
    </fieldset>
  )
}

function storedWords(count: number): string {
  if (count === 0) return 'No GGUF file is stored'
  return count === 1 ? 'The one GGUF file that is stored' : `All ${groupThousands(count)} stored GGUF files`
}
