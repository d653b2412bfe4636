'use client'

import {
  type DeviceFigure,
  explainOverride,
  figureWords,
  type FigureValue,
  limitsOf,
  type MachineFigure,
} from '@berth/core'
import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input, Textarea } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { OverrideView } from '../../trpc/types.ts'
import { FormDialog } from '../shell/form-dialog.tsx'
import { readFigure, type TypedFigure, typedFigure, unitNames } from './override-inputs.ts'
import { useSetOverrides } from './use-set-overrides.ts'

/** The API takes no longer reason. */
const MAX_REASON = 500

export interface EditFigureProps {
  readonly machineId: string
  /** Undefined for a figure of the machine itself. */
  readonly deviceId?: string
  readonly figure: DeviceFigure | MachineFigure
  /** What the figure is of: "GPU 0", or the machine's name. */
  readonly of: string
  /** As it stands. */
  readonly value: FigureValue | undefined
  /** What is set already. */
  readonly override?: OverrideView | undefined
  /** Why it may not be set. */
  readonly refusal?: string | undefined
}

const looks = { variant: 'ghost', size: 'icon', className: '-my-1 size-6 text-tertiary [&_svg]:size-3' } as const

/** A pencil beside a figure that opens the form to set it against what was read, with a reason. */
export function EditFigure({ refusal, ...props }: EditFigureProps) {
  const name = `Set ${figureWords[props.figure].term} of ${props.of}`
  if (refusal === undefined) return <EditDialog {...props} name={name} />
  return (
    <Button {...looks} aria-label={name} disabledReason={refusal}>
      <Pencil aria-hidden />
    </Button>
  )
}

function EditDialog({
  machineId,
  deviceId,
  figure,
  of,
  value,
  override,
  name,
}: Omit<EditFigureProps, 'refusal'> & { readonly name: string }) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState<TypedFigure>(typedFigure(figure, value))
  const [reason, setReason] = useState('')
  const change = useSetOverrides(() => setOpen(false))
  const read = readFigure(figure, typed)
  const target = { deviceId: deviceId ?? null, figure }
  const { term, meaning } = figureWords[figure]
  return (
    <FormDialog
      trigger={<Pencil aria-hidden />}
      triggerProps={{ ...looks, 'aria-label': name }}
      title={`${term} of ${of}`}
      description={meaning}
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setTyped(typedFigure(figure, value))
        setReason(override?.reason ?? '')
        change.reset()
      }}
      onSubmit={() => {
        if (read.ok) change.mutate({ id: machineId, set: [{ ...target, value: read.value }], reason: reason.trim() })
      }}
    >
      {override && <p className="text-xs text-secondary">{explainOverride(override, override.reading ?? undefined)}</p>}
      <FigureField
        figure={figure}
        typed={typed}
        onChange={setTyped}
        error={read.ok || typed.text === '' ? undefined : read.message}
      />
      <Field label="Why" hint="Shown beside the figure, and in the history.">
        {(control) => (
          <Textarea
            {...control}
            required
            rows={2}
            maxLength={MAX_REASON}
            value={reason}
            onChange={(event) => setReason(event.target.value.replaceAll(/\s/g, ' '))}
          />
        )}
      </Field>
      {change.error && <FailureCallout title="It was not set." error={change.error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={!read.ok || reason.trim() === '' || change.isPending}>
          {change.isPending ? 'Saving' : 'Set it'}
        </Button>
        {override && (
          <Button disabled={change.isPending} onClick={() => change.mutate({ id: machineId, remove: [target] })}>
            Use what was read
          </Button>
        )}
      </div>
    </FormDialog>
  )
}

function FigureField({
  figure,
  typed,
  error,
  onChange,
}: {
  readonly figure: DeviceFigure | MachineFigure
  readonly typed: TypedFigure
  readonly error: string | undefined
  readonly onChange: (typed: TypedFigure) => void
}) {
  const units = unitNames(figure)
  const limits = limitsOf(figure)
  const label = units.length === 1 ? `${figureWords[figure].term} in ${units[0]}` : figureWords[figure].term
  const choices = choicesOf(limits)
  return (
    <div className="flex items-start gap-2">
      <Field label={label} error={error} className="max-w-56 flex-1">
        {(control) =>
          choices ? (
            <Select
              {...control}
              value={typed.text}
              options={[{ value: '', label: 'Choose' }, ...choices.map((choice) => ({ value: choice, label: choice }))]}
              onChange={(event) => onChange({ ...typed, text: event.target.value })}
            />
          ) : (
            <Input
              {...control}
              required
              autoComplete="off"
              inputMode={limits.kind === 'number' ? 'decimal' : 'text'}
              value={typed.text}
              onChange={(event) => onChange({ ...typed, text: event.target.value })}
            />
          )
        }
      </Field>
      {units.length > 1 && (
        <Field label="Unit" className="w-24">
          {(control) => (
            <Select
              {...control}
              value={typed.unit}
              options={units.map((unit) => ({ value: unit, label: unit }))}
              onChange={(event) => onChange({ ...typed, unit: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  )
}

function choicesOf(limits: ReturnType<typeof limitsOf>): readonly string[] | undefined {
  if (limits.kind === 'flag') return ['yes', 'no']
  return limits.kind === 'number' ? limits.choices?.map(String) : undefined
}
