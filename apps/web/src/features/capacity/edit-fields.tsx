'use client'

import { explainEdit } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { CatalogueGpuView, EditInput, MachineView } from '../../trpc/types.ts'
import { nominalMemory } from '../catalogue/gpu-figures.ts'
import { cardNamed, cardValue, editOf, type EditDraft, firstDraft, kinds, placesOf } from './edit-draft.ts'
import { MAX_EDITS } from './edit-list.ts'

export interface EditFieldsProps {
  readonly machine: MachineView
  readonly gpus: readonly CatalogueGpuView[]
  readonly edits: readonly EditInput[]
  readonly onChange: (edits: readonly EditInput[]) => void
}

/** What is changed in a machine: those already said, and one more. */
export function EditFields({ machine, gpus, edits, onChange }: EditFieldsProps) {
  const said = edits.map((edit) => explainEdit(named(edit, machine, gpus), machine))
  return (
    <section aria-label="Changes" className="grid gap-3">
      {edits.length > 0 && (
        <ul aria-label="Changes so far" className="grid gap-2">
          {said.map((words, at) => {
            // The same change may be made twice.
            const before = said.slice(0, at).filter((other) => other === words).length
            return (
              <li
                key={`${words} ${before}`}
                className="flex items-center gap-2 rounded-md border border-line py-1 pr-1 pl-3 text-sm"
              >
                <span className="min-w-0 flex-1 break-words">{words}</span>
                <Button
                  size="sm"
                  variant="ghost"
                  aria-label={`Leave out: ${words}`}
                  onClick={() => onChange(edits.filter((_, other) => other !== at))}
                >
                  <X aria-hidden />
                </Button>
              </li>
            )
          })}
        </ul>
      )}
      <DraftFields key={machine.id} {...{ machine, gpus, edits, onChange }} />
    </section>
  )
}

function DraftFields({ machine, gpus, edits, onChange }: EditFieldsProps) {
  const [draft, setDraft] = useState<EditDraft>(() => firstDraft(machine))
  const change = (next: Partial<EditDraft>) => setDraft({ ...draft, ...next })
  const edit = editOf(draft, machine)
  const full = edits.length >= MAX_EDITS
  return (
    <div className="grid items-end gap-3 sm:grid-cols-[12rem_minmax(0,1fr)_auto]">
      <Field label="Change">
        {(control) => (
          <Select
            {...control}
            options={kinds.map(({ kind, label, needsCards }) => ({
              value: kind,
              label,
              disabled: needsCards && machine.devices.length === 0,
            }))}
            value={draft.kind}
            onChange={({ target }) =>
              change({ kind: kinds.find(({ kind }) => kind === target.value)?.kind ?? draft.kind })
            }
          />
        )}
      </Field>
      <div className="flex min-w-0 flex-wrap items-end gap-3">
        <DraftParts {...{ machine, gpus, draft }} onChange={change} />
      </div>
      <Button
        disabledReason={
          full ? `${MAX_EDITS} changes are the most at once.` : edit ? undefined : 'Say how much or how many.'
        }
        onClick={() => edit && onChange([...edits, edit])}
      >
        <Plus aria-hidden /> Add the change
      </Button>
    </div>
  )
}

function DraftParts({
  machine,
  gpus,
  draft,
  onChange,
}: Pick<EditFieldsProps, 'machine' | 'gpus'> & {
  readonly draft: EditDraft
  readonly onChange: (next: Partial<EditDraft>) => void
}) {
  if (draft.kind === 'add-host-memory') {
    return <Amount label="RAM in GiB" value={draft.gib} onChange={(gib) => onChange({ gib })} />
  }
  return (
    <>
      {draft.kind === 'add-cards' && (
        <Amount label="How many" value={draft.count} onChange={(count) => onChange({ count })} />
      )}
      {draft.kind !== 'remove-cards' && (
        <Field label="Card" className="min-w-0 flex-1 basis-56">
          {(control) => (
            <Select
              {...control}
              options={cardOptions(machine, gpus)}
              value={draft.card}
              onChange={({ target }) => onChange({ card: target.value })}
            />
          )}
        </Field>
      )}
      {draft.kind !== 'add-cards' && (
        <Field label={draft.kind === 'remove-cards' ? 'Card' : 'In place of'} className="min-w-0 flex-1 basis-56">
          {(control) => (
            <Select
              {...control}
              options={placesOf(machine, draft.kind)}
              value={draft.place}
              onChange={({ target }) => onChange({ place: target.value })}
            />
          )}
        </Field>
      )}
    </>
  )
}

const Amount = ({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
}) => (
  <Field label={label} className="w-28">
    {(control) => (
      <Input
        {...control}
        type="number"
        min={1}
        step={1}
        value={Number.isNaN(value) ? '' : value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    )}
  </Field>
)

/** More of what the machine has first, then what is sold. */
function cardOptions(machine: MachineView, gpus: readonly CatalogueGpuView[]) {
  const own = [
    ...new Map(machine.devices.filter(({ unified }) => !unified).map((device) => [device.name, device])).values(),
  ]
  return [
    ...own.map(({ id, name }) => ({ value: cardValue({ kind: 'device', device: id }), label: `${name}, as it has` })),
    ...gpus
      .filter(({ unified }) => !unified)
      .map((gpu) => ({
        value: cardValue({ kind: 'catalogue', gpu: gpu.id }),
        label: `${gpu.name}, ${nominalMemory(gpu)}`,
      })),
  ]
}

type Named = Parameters<typeof explainEdit>[0]

/** An edit with what its card is called, for its sentence. */
function named(edit: EditInput, machine: MachineView, gpus: readonly CatalogueGpuView[]): Named {
  switch (edit.kind) {
    case 'add-cards':
      return { ...edit, card: { product: cardNamed(edit.card, machine, gpus) } }
    case 'replace-cards':
      return {
        ...{ kind: edit.kind, devices: edit.devices ?? machine.devices.map(({ id }) => id) },
        card: { product: cardNamed(edit.card, machine, gpus) },
      }
    case 'remove-cards':
    case 'add-host-memory':
      return edit
  }
}
