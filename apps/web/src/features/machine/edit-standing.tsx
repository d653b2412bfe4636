'use client'

import { explainLabelsIssue, readLabels, writeLabels } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input, Textarea } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { Tag } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail } from '../../trpc/types.ts'
import { FormDialog } from '../shell/form-dialog.tsx'

type Subject = Pick<MachineDetail, 'id' | 'name' | 'site' | 'owner' | 'labels'>

/** Each label on a line of its own. */
const linesOf = ({ labels }: Subject): string => writeLabels(labels).replaceAll(/(?<!\\);/g, '\n')

/** Where a machine stands, whose it is, and its labels. */
export function EditStanding({ machine }: { readonly machine: Subject }) {
  const trpc = useTRPC()
  const router = useRouter()
  const asStored = { site: machine.site ?? '', owner: machine.owner ?? '', labels: linesOf(machine) }
  const [open, setOpen] = useState(false)
  const [inputs, setInputs] = useState(asStored)
  const update = useMutation(
    trpc.machines.update.mutationOptions({
      onSuccess: () => {
        setOpen(false)
        router.refresh()
      },
    }),
  )
  const labels = readLabels(inputs.labels)
  const set = (change: Partial<typeof inputs>) => setInputs({ ...inputs, ...change })
  return (
    <FormDialog
      trigger={
        <>
          <Tag aria-hidden /> Site and labels
        </>
      }
      title={`Site, team and labels of ${machine.name}`}
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setInputs(asStored)
        update.reset()
      }}
      onSubmit={() => {
        const { site, owner } = inputs
        if (!labels.ok) return
        update.mutate({ id: machine.id, site: site.trim() || null, owner: owner.trim() || null, labels: labels.value })
      }}
    >
      {(['site', 'owner'] as const).map((field) => (
        <Field
          key={field}
          label={field === 'site' ? 'Site' : 'Team'}
          hint={field === 'site' ? 'The room or place it stands in.' : 'The group that looks after it.'}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              autoComplete="off"
              value={inputs[field]}
              onChange={({ target }) => set({ [field]: target.value })}
            />
          )}
        </Field>
      ))}
      <Field
        label="Labels"
        hint="One a line: rack=a, or a name alone."
        error={labels.ok ? undefined : explainLabelsIssue(labels.issue)}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={5}
            spellCheck={false}
            className="font-mono text-xs"
            value={inputs.labels}
            onChange={({ target }) => set({ labels: target.value })}
          />
        )}
      </Field>
      {update.error && <FailureCallout title="It was not changed." error={update.error} />}
      <Button type="submit" variant="primary" className="justify-self-start" disabled={update.isPending || !labels.ok}>
        Save
      </Button>
    </FormDialog>
  )
}
