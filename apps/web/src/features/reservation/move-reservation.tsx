'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { Skeleton } from '@berth/ui/skeleton'
import { useMutation, useQuery } from '@tanstack/react-query'
import { MoveRight } from 'lucide-react'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineView, ReservationView } from '../../trpc/types.ts'
import { MessageField, messageInput } from '../history/message-field.tsx'
import { FormDialog } from '../shell/form-dialog.tsx'
import { ChangeFailure } from './change-failure.tsx'
import { DryRun } from './dry-run.tsx'
import { MemoryFields } from './memory-fields.tsx'
import { placesOf, readMemory, type TypedMemory } from './memory-inputs.ts'
import { useChange } from './use-change.ts'
import { refusalOfDryRun, useDryRun } from './use-dry-run.ts'

/** Takes a reservation to another machine, once it is seen that it fits there. */
export function MoveReservation({ reservation }: { readonly reservation: ReservationView }) {
  const { purpose, model } = reservation
  const { onSuccess, message, setMessage, ...change } = useChange(`${purpose} is moved.`)
  const moving = useMove(reservation, onSuccess)
  return (
    <FormDialog
      trigger={
        <>
          <MoveRight aria-hidden /> Move
        </>
      }
      title={`Move ${purpose}`}
      description={
        model === null
          ? 'It holds bytes of another machine from then on, and gives back those of this one.'
          : 'Its model is planned anew on the other machine; what it holds here is given back.'
      }
      open={change.open}
      onOpenChange={(next) => {
        change.onOpenChange(next)
        moving.reset()
      }}
      onSubmit={() => moving.submit(message)}
    >
      <Target moving={moving} reservation={reservation} />
      {moving.said && <DryRun {...moving.dryRun} />}
      <MessageField value={message} onChange={setMessage} />
      {moving.error && <ChangeFailure title="It was not moved." error={moving.error} />}
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={moving.pending}
        disabledReason={moving.refusal}
      >
        {moving.pending ? 'Moving' : 'Move it'}
      </Button>
    </FormDialog>
  )
}

/** More machines than a person looks through. */
const ALL = 1000

function useMove({ id, revision, model }: ReservationView, onSuccess: () => Promise<void>) {
  const trpc = useTRPC()
  const [machine, setMachine] = useState<MachineView>()
  const [typed, setTyped] = useState<TypedMemory>({})
  const places = machine ? placesOf(machine) : []
  const { memory, errors } = readMemory(places, typed)
  const byHand = model === null
  const said = machine !== undefined && (!byHand || (memory.length > 0 && Object.keys(errors).length === 0))
  const input = said ? { id, revision, machineId: machine.id, ...(byHand && { memory: [...memory] }) } : undefined
  const dryRun = useDryRun(input, (client, question) => client.reservations.dryRunMove.mutate(question))
  const move = useMutation(trpc.reservations.move.mutationOptions({ onSuccess, onError: () => void dryRun.again() }))
  const { answer } = dryRun
  return {
    machine,
    places,
    typed,
    errors,
    byHand,
    setTyped,
    choose: (next: MachineView | undefined) => {
      setMachine(next)
      setTyped({})
      move.reset()
    },
    said,
    dryRun,
    refusal: said ? refusalOfDryRun(dryRun) : 'Say first where to, and how much.',
    error: move.error,
    pending: move.isPending,
    reset: () => {
      setMachine(undefined)
      setTyped({})
      move.reset()
    },
    submit: (message: string) => {
      if (!input || refusalOfDryRun(dryRun) !== undefined || !answer) return
      move.mutate({ ...input, inventoryIndex: answer.inventoryIndex, ...messageInput(message) })
    },
  }
}

/** Where it goes, and how much of which place where no model tells. */
function Target({
  moving: { machine, places, typed, errors, byHand, setTyped, choose },
  reservation,
}: {
  readonly moving: ReturnType<typeof useMove>
  readonly reservation: ReservationView
}) {
  const trpc = useTRPC()
  const machines = useQuery(trpc.machines.list.queryOptions({ limit: ALL }))
  if (machines.error) return <FailureCallout title="The machines could not be loaded." error={machines.error} />
  if (!machines.data) return <Skeleton className="h-9" />
  const others = machines.data.items.filter(({ id }) => id !== reservation.machine.id)
  return (
    <>
      <Field label="To machine" className="max-w-md">
        {(control) => (
          <Select
            {...control}
            value={machine?.id ?? ''}
            options={[{ value: '', label: 'Choose' }, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={({ target }) => choose(others.find(({ id }) => id === target.value))}
          />
        )}
      </Field>
      {machine && byHand && <MemoryFields places={places} typed={typed} errors={errors} onChange={setTyped} />}
    </>
  )
}
