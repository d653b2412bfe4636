'use client'

import { formatBytes } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { allOf, type MemoryRead, type ReservablePlace, type TypedMemory } from './memory-inputs.ts'

/** A field a place, in GiB. */
export function MemoryFields({
  places,
  typed,
  errors,
  onChange,
}: {
  readonly places: readonly ReservablePlace[]
  readonly typed: TypedMemory
  readonly errors: MemoryRead['errors']
  readonly onChange: (typed: TypedMemory) => void
}) {
  return (
    <fieldset className="grid gap-3 sm:grid-cols-2">
      <legend className="sr-only">How much of each place</legend>
      {places.map(({ key, name, capacity }) => (
        <div key={key} className="flex min-w-0 items-start gap-2">
          <Field label={`${name} in GiB`} hint={`of ${formatBytes(capacity)}`} error={errors[key]} className="flex-1">
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                autoComplete="off"
                placeholder="0"
                value={typed[key] ?? ''}
                onChange={({ target }) => onChange({ ...typed, [key]: target.value })}
              />
            )}
          </Field>
          <Button
            variant="ghost"
            className="mt-5"
            aria-label={`All of ${name}`}
            onClick={() => onChange({ ...typed, [key]: allOf(capacity) })}
          >
            All
          </Button>
        </div>
      ))}
    </fieldset>
  )
}
