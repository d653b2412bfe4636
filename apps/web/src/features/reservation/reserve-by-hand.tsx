'use client'

import { Card, CardBody } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { useState } from 'react'
import type { MachineView } from '../../trpc/types.ts'
import { MemoryFields } from './memory-fields.tsx'
import { placesOf, readMemory, type TypedMemory } from './memory-inputs.ts'
import { ReserveForm } from './reserve-form.tsx'

/** Reserves bytes that somebody says, for what no plan of here tells. */
export function ReserveByHand({
  machines,
  first,
}: {
  readonly machines: readonly MachineView[]
  /** The machine that is chosen at first. */
  readonly first: string | undefined
}) {
  const [id, setId] = useState(first ?? '')
  const [typed, setTyped] = useState<TypedMemory>({})
  const machine = machines.find((one) => one.id === id)
  const places = machine ? placesOf(machine) : []
  const { memory, errors } = readMemory(places, typed)
  const said = machine !== undefined && memory.length > 0 && Object.keys(errors).length === 0
  return (
    <Card aria-label="Reserve by hand" className="max-w-3xl">
      <CardBody className="pt-4">
        <ReserveForm
          what={said ? { kind: 'memory', machineId: machine.id, memory: [...memory] } : undefined}
          suggestion={machine ? `Memory of ${machine.name}` : 'Memory'}
          missing={machine ? missingOf(said) : 'Choose a machine first.'}
        >
          <Field label="Machine" className="max-w-md">
            {(control) => (
              <Select
                {...control}
                value={id}
                options={[
                  { value: '', label: 'Choose' },
                  ...machines.map(({ id: value, name }) => ({ value, label: name })),
                ]}
                onChange={({ target }) => {
                  setId(target.value)
                  setTyped({})
                }}
              />
            )}
          </Field>
          {machine && <MemoryFields places={places} typed={typed} errors={errors} onChange={setTyped} />}
        </ReserveForm>
      </CardBody>
    </Card>
  )
}

const missingOf = (said: boolean): string | undefined => (said ? undefined : 'Say how much of which place.')
