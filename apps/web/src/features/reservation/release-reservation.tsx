'use client'

import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { LockOpen } from 'lucide-react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ReservationView } from '../../trpc/types.ts'
import { MessageField, messageInput } from '../history/message-field.tsx'
import { FormDialog } from '../shell/form-dialog.tsx'
import { useChange } from './use-change.ts'

/** Gives back what a reservation holds, for good. */
export function ReleaseReservation({ reservation }: { readonly reservation: ReservationView }) {
  const trpc = useTRPC()
  const { id, purpose, revision, machine } = reservation
  const { onSuccess, message, setMessage, ...change } = useChange(`${purpose} is released.`)
  const release = useMutation(trpc.reservations.release.mutationOptions({ onSuccess }))
  return (
    <FormDialog
      trigger={
        <>
          <LockOpen aria-hidden /> Release
        </>
      }
      triggerProps={{ variant: 'danger' }}
      title={`Release ${purpose}?`}
      description={`Others may have its memory on ${machine.name} from now on. It stays in the list as released; it cannot be taken back.`}
      open={change.open}
      onOpenChange={(next) => {
        change.onOpenChange(next)
        release.reset()
      }}
      onSubmit={() => release.mutate({ id, revision, ...messageInput(message) })}
    >
      <MessageField value={message} onChange={setMessage} />
      {release.error && <FailureCallout title="It was not released." error={release.error} />}
      <Button type="submit" variant="danger" className="justify-self-start" disabled={release.isPending}>
        {release.isPending ? 'Releasing' : 'Release it'}
      </Button>
    </FormDialog>
  )
}
