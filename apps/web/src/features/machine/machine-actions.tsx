'use client'

import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { MessageField, messageInput } from '../history/message-field.tsx'
import { FormDialog } from '../shell/form-dialog.tsx'
import { NameField } from '../shell/name-field.tsx'
import { RemoveDialog, useRemoved } from '../shell/remove-dialog.tsx'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail } from '../../trpc/types.ts'

type Subject = Pick<MachineDetail, 'id' | 'name'>

export function RenameMachine({ machine }: { readonly machine: Subject }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState(machine.name)
  const [message, setMessage] = useState('')
  const rename = useMutation(
    trpc.machines.update.mutationOptions({
      onSuccess: () => {
        setOpen(false)
        router.refresh()
      },
    }),
  )
  return (
    <FormDialog
      trigger={
        <>
          <Pencil aria-hidden /> Rename
        </>
      }
      title="Rename machine"
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setName(machine.name)
        setMessage('')
        rename.reset()
      }}
      onSubmit={() => rename.mutate({ id: machine.id, name: name.trim(), ...messageInput(message) })}
    >
      <NameField value={name} onChange={setName} />
      <MessageField value={message} onChange={setMessage} />
      {rename.error && <FailureCallout title="It was not renamed." error={rename.error} />}
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={rename.isPending || name.trim() === ''}
      >
        Rename
      </Button>
    </FormDialog>
  )
}

export function RemoveMachine({ machine }: { readonly machine: Subject }) {
  const trpc = useTRPC()
  const onSuccess = useRemoved(machine.name, paths.machines())
  const [message, setMessage] = useState('')
  const remove = useMutation(trpc.machines.remove.mutationOptions({ onSuccess }))
  return (
    <RemoveDialog
      name={machine.name}
      description="Its GPUs and the text it was read from go with it; its history stays. It can be imported again."
      error={remove.error}
      pending={remove.isPending}
      onRemove={({ withPlans }) =>
        remove.mutate({ id: machine.id, ...(withPlans ? { withPlans } : {}), ...messageInput(message) })
      }
      onReset={remove.reset}
    >
      <MessageField value={message} onChange={setMessage} />
    </RemoveDialog>
  )
}
