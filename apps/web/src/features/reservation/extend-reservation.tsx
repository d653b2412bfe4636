'use client'

import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import type { ReservationView } from '../../trpc/types.ts'
import { MessageField, messageInput } from '../history/message-field.tsx'
import { FormDialog } from '../shell/form-dialog.tsx'
import { useNow } from '../shell/when.tsx'
import { ChangeFailure } from './change-failure.tsx'
import { useChange } from './use-change.ts'
import { EndField, ZoneNote } from './window-fields.tsx'
import { localInput, readWindow, type WindowInputs } from './window-inputs.ts'

const endOf = ({ startsAt, endsAt }: ReservationView): WindowInputs => ({
  from: localInput(Date.parse(startsAt)),
  until: endsAt === null ? '' : localInput(Date.parse(endsAt)),
  openEnded: endsAt === null,
})

/** Gives a reservation another end, later or earlier, or none. */
export function ExtendReservation({ reservation }: { readonly reservation: ReservationView }) {
  const trpc = useTRPC()
  const now = useNow() ?? 0
  const { id, purpose, revision } = reservation
  const { onSuccess, message, setMessage, ...change } = useChange(`${purpose} has another end.`)
  const [window, setWindow] = useState<WindowInputs>()
  const extend = useMutation(trpc.reservations.extend.mutationOptions({ onSuccess }))
  const shown = window ?? endOf(reservation)
  const read = readWindow(shown, now)
  return (
    <FormDialog
      trigger={
        <>
          <CalendarClock aria-hidden /> Extend
        </>
      }
      title={`Another end for ${purpose}`}
      description="Later, if nothing else is reserved of the same memory then; or earlier."
      open={change.open}
      onOpenChange={(next) => {
        change.onOpenChange(next)
        setWindow(undefined)
        extend.reset()
      }}
      onSubmit={() => {
        if (read.ok && window !== undefined)
          extend.mutate({ id, revision, endsAt: read.window.endsAt, ...messageInput(message) })
      }}
    >
      <EndField value={shown} read={read} onChange={setWindow} />
      <ZoneNote now={now} />
      <MessageField value={message} onChange={setMessage} />
      {extend.error && <ChangeFailure title="It was not extended." error={extend.error} />}
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={extend.isPending}
        disabledReason={window === undefined ? 'It has this end already.' : read.ok ? undefined : read.message}
      >
        {extend.isPending ? 'Saving' : 'Set this end'}
      </Button>
    </FormDialog>
  )
}
