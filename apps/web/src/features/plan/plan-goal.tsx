'use client'

import { preferenceIds, preferences, splitModes } from '@berth/core'
import { Card } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { useState } from 'react'
import { engineOptions, readEngine, writeEngine } from './engine-choice.ts'
import { ModelBar } from './model-bar.tsx'
import type { ModelChoice, ModelFormat } from './model-choice.ts'
import { isMarginList, type PlanInputs } from './plan-inputs.ts'

const splitOptions = splitModes.map((mode) => ({ value: mode, label: mode }))
const options = preferenceIds.map((id) => ({ value: id, label: preferences[id].name }))

/** What makes one fitting placement better than another, and what each GPU must keep free. */
export function PlanGoal({
  inputs,
  choices,
  format,
  onChange,
}: {
  readonly inputs: PlanInputs
  readonly choices: readonly ModelChoice[]
  /** Of the model that is planned for. */
  readonly format: ModelFormat | undefined
  readonly onChange: (change: Partial<PlanInputs>) => void
}) {
  const kind = inputs.otherMix === null ? 'stored' : 'catalogue'
  return (
    <Card aria-label="Objective" className="grid gap-x-6 gap-y-4 p-4 sm:grid-cols-2 sm:px-5 xl:grid-cols-4">
      <Field label="Objective" tip="Which of several placements that fit is shown as the best.">
        {(control) => (
          <Select
            {...control}
            options={options}
            value={inputs.prefer}
            onChange={({ target }) => {
              const prefer = preferenceIds.find((id) => id === target.value) ?? inputs.prefer
              onChange({ prefer, show: 0 })
            }}
          />
        )}
      </Field>
      <Field
        label="Engine"
        tip="What will run the model. Engines differ in what they allocate and in what they can be told."
      >
        {(control) => (
          <Select
            {...control}
            options={engineOptions(format)}
            value={writeEngine(readEngine(inputs.engine))}
            onChange={({ target }) => onChange({ engine: target.value, show: 0 })}
          />
        )}
      </Field>
      {format !== 'exl2' && format !== 'exl3' && (
        <Field
          label="Split mode"
          tip="-sm: whole layers on each GPU, or every layer cut over all of them (tensor; row in older builds), or one GPU alone (none)."
        >
          {(control) => (
            <Select
              {...control}
              options={splitOptions}
              value={inputs.sm}
              onChange={({ target }) =>
                onChange({ sm: splitModes.find((mode) => mode === target.value) ?? inputs.sm, show: 0 })
              }
            />
          )}
        </Field>
      )}
      <Margins margins={inputs.margins} onChange={(margins) => onChange({ margins })} />
      {inputs.prefer === 'room-for-another' && (
        <div className="grid gap-1 sm:col-span-2 xl:col-span-4">
          <ModelBar
            title="Room for"
            choices={choices.filter((choice) => choice.format === 'gguf')}
            chosen={choices.find((choice) => choice.id === inputs.other && choice.kind === kind)}
            mix={inputs.otherMix}
            onChange={({ model, mix }) =>
              onChange({
                ...(model !== undefined && { other: model }),
                ...(mix !== undefined && { otherMix: mix }),
                show: 0,
              })
            }
          />
          <p className="text-xs text-tertiary">It is to run as the model above: the same context, slots and cache.</p>
        </div>
      )}
    </Card>
  )
}

/** Takes effect on Enter and on leaving, and only when it is a list. */
function Margins({
  margins,
  onChange,
}: {
  readonly margins: string | null
  readonly onChange: (margins: string | null) => void
}) {
  const [draft, setDraft] = useState<string | undefined>()
  const text = draft?.replaceAll(/\s/g, '')
  const wrong = text !== undefined && text !== '' && !isMarginList(text)
  const commit = () => {
    if (text === undefined || wrong) return
    onChange(text === '' ? null : text)
    setDraft(undefined)
  }
  return (
    <Field
      label="Margins of single GPUs"
      tip="What each GPU must keep free in MiB, in the order of their index; the margin above is for all others."
      error={wrong ? 'Numbers of MiB with commas between them, 16 at most.' : undefined}
    >
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          placeholder="As above, or a list: 1024,2048"
          value={draft ?? margins ?? ''}
          onChange={({ target }) => setDraft(target.value)}
          onBlur={commit}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit()
            if (key === 'Escape') setDraft(undefined)
          }}
        />
      )}
    </Field>
  )
}
