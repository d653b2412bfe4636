'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Textarea } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { Wrench } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { FormDialog } from '../shell/form-dialog.tsx'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail } from '../../trpc/types.ts'

/** The API takes no longer note. */
const MAX_NOTE = 500

/** Takes a machine out of planning without forgetting it, changes why, or puts it back. */
export function MaintainMachine({ machine }: { readonly machine: Pick<MachineDetail, 'id' | 'name' | 'maintenance'> }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const { id, name, maintenance } = machine
  const [note, setNote] = useState(maintenance?.note ?? '')
  const update = useMutation(
    trpc.machines.update.mutationOptions({
      onSuccess: (changed) => {
        toast.success(changed.maintenance ? `${name} is in maintenance.` : `${name} is planned on again.`)
        setOpen(false)
        router.refresh()
      },
    }),
  )
  return (
    <FormDialog
      trigger={
        <>
          <Wrench aria-hidden /> Maintenance
        </>
      }
      title={maintenance ? `${name} is in maintenance` : `Take ${name} out of planning?`}
      description="It stays in the list with its plans. New plans leave it out unless it is named."
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setNote(maintenance?.note ?? '')
        update.reset()
      }}
      onSubmit={() => update.mutate({ id, maintenance: true, note: note.trim() || null })}
    >
      <Field label="Why" hint="Shown beside it; may be left empty.">
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            maxLength={MAX_NOTE}
            value={note}
            onChange={(event) => setNote(event.target.value.replaceAll(/\s/g, ' '))}
          />
        )}
      </Field>
      {update.error && <FailureCallout title="It was not changed." error={update.error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant={maintenance ? 'secondary' : 'primary'} disabled={update.isPending}>
          {maintenance ? 'Change the note' : 'Start maintenance'}
        </Button>
        {maintenance && (
          <Button
            variant="primary"
            disabled={update.isPending}
            onClick={() => update.mutate({ id, maintenance: false })}
          >
            End maintenance
          </Button>
        )}
      </div>
    </FormDialog>
  )
}
