'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { useMutation } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useId, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineView } from '../../trpc/types.ts'
import { FormDialog } from '../shell/form-dialog.tsx'
import { type BulkInputs, bulkChange, noBulkInputs } from './bulk-inputs.ts'
import type { BulkBarProps } from './bulk-bar.tsx'

export function BulkEdit({
  machines,
  onDone,
}: {
  readonly machines: BulkBarProps['selected']
  readonly onDone: () => void
}) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [inputs, setInputs] = useState(noBulkInputs)
  const update = useMutation(
    trpc.machines.updateMany.mutationOptions({
      onSuccess: ({ ids, unchanged }) => {
        const rest = unchanged === 0 ? '' : `, ${unchanged} were so already`
        toast.success(`Changed ${ids.length} of ${machines.length} machines${rest}.`)
        setOpen(false)
        onDone()
        router.refresh()
      },
    }),
  )
  const change = bulkChange(inputs)
  const wrong = change.ok ? undefined : change.issue
  const idle = change.ok && Object.keys(change.value).length === 0
  return (
    <FormDialog
      triggerProps={{ size: 'sm' }}
      trigger={
        <>
          <Pencil aria-hidden /> Edit
        </>
      }
      title={machines.length === 1 ? 'Edit one machine' : `Edit ${machines.length} machines`}
      description="All of them or none. What is left empty stays as it is."
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setInputs(noBulkInputs)
        update.reset()
      }}
      onSubmit={() => {
        if (change.ok) update.mutate({ ids: machines.map(({ id }) => id), ...change.value })
      }}
    >
      <BulkFields machines={machines} inputs={inputs} wrong={wrong} onChange={setInputs} />
      {update.error && <FailureCallout title="Nothing was changed." error={update.error} />}
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={update.isPending || !change.ok || idle}
      >
        {machines.length === 1 ? 'Change it' : `Change ${machines.length} machines`}
      </Button>
    </FormDialog>
  )
}

interface BulkFieldsProps {
  readonly machines: readonly MachineView[]
  readonly inputs: BulkInputs
  readonly wrong: { readonly field: keyof BulkInputs; readonly message: string } | undefined
  readonly onChange: (inputs: BulkInputs) => void
}

function BulkFields({ machines, inputs, wrong, onChange }: BulkFieldsProps) {
  const set = (change: Partial<BulkInputs>) => onChange({ ...inputs, ...change })
  const error = (field: keyof BulkInputs) => (wrong?.field === field ? wrong.message : undefined)
  const keys = [...new Set(machines.flatMap(({ labels }) => Object.keys(labels)))].toSorted()
  return (
    <>
      <ValueField label="Site" value={inputs.site} onChange={(site) => set({ site })} />
      <ValueField label="Team" value={inputs.owner} onChange={(owner) => set({ owner })} />
      <Field label="Add labels" hint="rack=a; tier=gold" error={error('addLabels')}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            placeholder="As they are"
            value={inputs.addLabels}
            onChange={({ target }) => set({ addLabels: target.value })}
          />
        )}
      </Field>
      <Field
        label="Remove labels"
        hint={keys.length > 0 ? `They have ${keys.join(', ')}.` : 'They have none.'}
        error={error('removeLabels')}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            placeholder="As they are"
            value={inputs.removeLabels}
            onChange={({ target }) => set({ removeLabels: target.value })}
          />
        )}
      </Field>
      <Field label="Planning">
        {(control) => (
          <Select
            {...control}
            value={inputs.maintenance}
            options={[
              { value: '', label: 'As it is' },
              { value: 'on', label: 'Leave out of planning (maintenance)' },
              { value: 'off', label: 'Plan on them again' },
            ]}
            onChange={({ target: { value } }) => set({ maintenance: value === 'on' || value === 'off' ? value : '' })}
          />
        )}
      </Field>
      {inputs.maintenance === 'on' && (
        <Field label="Why" hint="Shown beside them; may be left empty.">
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              autoComplete="off"
              value={inputs.note}
              onChange={({ target }) => set({ note: target.value })}
            />
          )}
        </Field>
      )}
    </>
  )
}

/** A text to set, or nothing at all. */
function ValueField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: BulkInputs['site']
  readonly onChange: (value: BulkInputs['site']) => void
}) {
  const id = useId()
  return (
    <Field label={label}>
      {(control) => (
        <span className="flex items-center gap-3">
          <Input
            {...control}
            maxLength={200}
            autoComplete="off"
            placeholder={value === null ? 'None' : 'As it is'}
            disabled={value === null}
            value={value ?? ''}
            onChange={({ target }) => onChange(target.value)}
          />
          <label htmlFor={id} className="flex shrink-0 cursor-pointer items-center gap-1.5 text-sm text-secondary">
            <input
              id={id}
              type="checkbox"
              aria-label={`Clear the ${label.toLowerCase()}`}
              className="size-4 accent-(--accent)"
              checked={value === null}
              onChange={({ target }) => onChange(target.checked ? null : '')}
            />
            Clear
          </label>
        </span>
      )}
    </Field>
  )
}
