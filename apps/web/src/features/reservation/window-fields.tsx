'use client'

import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { zoneWords } from '@berth/ui/time-words'
import type { WindowInputs, WindowRead } from './window-inputs.ts'

/** From when until when, on the reader's clock, whose zone is named. */
export function WindowFields({
  value,
  read,
  now,
  onChange,
}: {
  readonly value: WindowInputs
  readonly read: WindowRead
  readonly now: number
  readonly onChange: (value: WindowInputs) => void
}) {
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="sr-only">When</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="From" hint="Empty: from now on." error={messageOf(read, 'from')}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={value.from}
              onChange={({ target }) => onChange({ ...value, from: target.value })}
            />
          )}
        </Field>
        <EndField value={value} read={read} onChange={onChange} />
      </div>
      <ZoneNote now={now} />
    </fieldset>
  )
}

/** When it ends, or that it does not. */
export function EndField({
  value,
  read,
  onChange,
}: {
  readonly value: WindowInputs
  readonly read: WindowRead
  readonly onChange: (value: WindowInputs) => void
}) {
  return (
    <div className="grid content-start gap-1.5">
      <Field label="Until" error={messageOf(read, 'until')}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            disabled={value.openEnded}
            value={value.openEnded ? '' : value.until}
            onChange={({ target }) => onChange({ ...value, until: target.value })}
          />
        )}
      </Field>
      <label className="flex w-fit items-center gap-2 text-xs text-secondary">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={value.openEnded}
          onChange={({ target }) => onChange({ ...value, openEnded: target.checked })}
        />
        Open-ended, until it is released
      </label>
    </div>
  )
}

export const ZoneNote = ({ now }: { readonly now: number }) => (
  <p className="text-xs text-tertiary">Times are on your clock: {zoneWords(now)}.</p>
)

const messageOf = (read: WindowRead, field: 'from' | 'until'): string | undefined =>
  !read.ok && read.field === field ? read.message : undefined
