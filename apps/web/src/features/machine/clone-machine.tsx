'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { FormDialog } from '../shell/form-dialog.tsx'
import { NameField } from '../shell/name-field.tsx'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail } from '../../trpc/types.ts'

/** The API writes no more at once. */
const MAX_CLONES = 100

/** "Eight more like this one." */
export function CloneMachine({ machine }: { readonly machine: Pick<MachineDetail, 'id' | 'name'> }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [count, setCount] = useState('1')
  const [names, setNames] = useState(`${machine.name}-{n}`)
  const clone = useMutation(
    trpc.machines.clone.mutationOptions({
      onSuccess: ({ machines }) => {
        toast.success(machines.length === 1 ? `Added ${machines[0]?.name}.` : `Added ${machines.length} machines.`)
        router.push(paths.machines())
        router.refresh()
      },
    }),
  )
  return (
    <FormDialog
      trigger={
        <>
          <Copy aria-hidden /> Clone
        </>
      }
      title={`More machines like ${machine.name}`}
      description="The same GPUs, memory, paths, site and labels. They count as typed in until their own output is pasted."
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        clone.reset()
      }}
      onSubmit={() => clone.mutate({ id: machine.id, count: Number(count), names: names.trim() })}
    >
      <Field label="How many" className="max-w-32">
        {(control) => (
          <Input
            {...control}
            type="number"
            required
            min={1}
            max={MAX_CLONES}
            step={1}
            value={count}
            onChange={(event) => setCount(event.target.value)}
          />
        )}
      </Field>
      <NameField
        label="Names"
        hint="{n} becomes the next free numbers, {nn} with two digits."
        value={names}
        onChange={setNames}
      />
      {clone.error && <FailureCallout title="Nothing was added." error={clone.error} />}
      <Button type="submit" variant="primary" className="justify-self-start" disabled={clone.isPending}>
        {clone.isPending ? 'Adding' : 'Add them'}
      </Button>
    </FormDialog>
  )
}
