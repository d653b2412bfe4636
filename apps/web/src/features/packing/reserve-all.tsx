'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { useTRPC } from '../../trpc/client.tsx'
import type { PackingInput, PackingView } from '../../trpc/types.ts'
import { FormDialog } from '../shell/form-dialog.tsx'
import { MAX_RESERVATIONS, reservationsOf } from './reservations-of.ts'

/** Turns a packing into reservations, all of them or none. */
export function ReserveAll({ packing, asked }: { readonly packing: PackingView; readonly asked: PackingInput }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [owner, setOwner] = useState('')
  const [purpose, setPurpose] = useState('')
  const reserve = useMutation(
    trpc.reservations.createMany.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.reservations.pathFilter()),
    }),
  )
  const count = packing.placed.length
  if (count === 0) return null
  if (reserve.data) {
    return (
      <p role="status" className="text-sm text-secondary">
        {count === 1 ? 'It is reserved.' : `All ${count} are reserved.`}
      </p>
    )
  }
  if (count > MAX_RESERVATIONS) {
    return <Button disabledReason={`${MAX_RESERVATIONS} are reserved at once at most.`}>Reserve all</Button>
  }
  return (
    <FormDialog
      trigger="Reserve all"
      triggerProps={{ variant: 'primary', size: 'sm' }}
      title="Reserve this packing"
      description="One reservation a replica, from now on and without an end; all of them or none."
      onSubmit={() => reserve.mutate({ reservations: reservationsOf(packing, asked, { owner, purpose }) })}
    >
      <Field label="Owner" tip="The person or group that it is for.">
        {(control) => (
          <Input
            {...control}
            required
            maxLength={200}
            value={owner}
            onChange={({ target }) => setOwner(target.value)}
          />
        )}
      </Field>
      <Field label="Purpose" tip="Others who find no room are told it, with the name of the replica.">
        {(control) => (
          <Input
            {...control}
            required
            maxLength={100}
            value={purpose}
            onChange={({ target }) => setPurpose(target.value)}
          />
        )}
      </Field>
      {reserve.error && <FailureCallout title="Nothing was reserved." error={reserve.error} />}
      <Button type="submit" variant="primary" disabled={reserve.isPending} className="justify-self-start">
        {reserve.isPending ? 'Reserving' : 'Reserve'}
      </Button>
    </FormDialog>
  )
}
