'use client'

import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import type { CapacityInputs, ChangeInputs } from './capacity-inputs.ts'

const wheres = [
  { value: 'false', label: 'on GPUs alone' },
  { value: 'true', label: 'on GPUs and in host memory' },
]

/** Whether a part of it in host memory counts as hosted. */
export function WhereField({ inputs, onChange }: { readonly inputs: CapacityInputs; readonly onChange: ChangeInputs }) {
  return (
    <Field
      label="Where it may lie"
      className="max-w-xs"
      tip="What lies in host memory is read for every token, which is slow."
    >
      {(control) => (
        <Select
          {...control}
          options={wheres}
          value={String(inputs.host)}
          onChange={({ target }) => onChange({ host: target.value === 'true' })}
        />
      )}
    </Field>
  )
}
