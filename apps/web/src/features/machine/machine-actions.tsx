'use client'

import { Button } from '@berth/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { Pencil, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail } from '../../trpc/types.ts'

type Subject = Pick<MachineDetail, 'id' | 'name'>

export function RenameMachine({ machine }: { readonly machine: Subject }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState(machine.name)
  const rename = useMutation(
    trpc.machines.rename.mutationOptions({
      onSuccess: () => {
        setOpen(false)
        router.refresh()
      },
    }),
  )
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setName(machine.name)
        rename.reset()
      }}
    >
      <DialogTrigger asChild>
        <Button>
          <Pencil aria-hidden /> Rename
        </Button>
      </DialogTrigger>
      <DialogContent title="Rename machine">
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            rename.mutate({ id: machine.id, name: name.trim() })
          }}
        >
          <Field label="Name">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={200}
                autoComplete="off"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          {rename.error && <FailureCallout title="It was not renamed." error={rename.error} />}
          <Button
            type="submit"
            variant="primary"
            className="justify-self-start"
            disabled={rename.isPending || name.trim() === ''}
          >
            Rename
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  )
}

/** Plans on the machine go with it only when that is asked for. */
export function RemoveMachine({ machine }: { readonly machine: Subject }) {
  const trpc = useTRPC()
  const router = useRouter()
  const remove = useMutation(
    trpc.machines.remove.mutationOptions({
      onSuccess: () => {
        toast.success(`Removed ${machine.name}.`)
        router.push(paths.machines())
        router.refresh()
      },
    }),
  )
  const inUse = remove.error?.data?.problem.code === 'in-use'
  return (
    <Dialog onOpenChange={() => remove.reset()}>
      <DialogTrigger asChild>
        <Button variant="danger">
          <Trash2 aria-hidden /> Remove
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`Remove ${machine.name}?`}
        description="Its GPUs and the text it was read from go with it. It can be imported again."
      >
        <div className="grid gap-4">
          {remove.error && <FailureCallout title="It was not removed." error={remove.error} />}
          <div className="flex flex-wrap gap-2">
            <Button
              variant="danger"
              disabled={remove.isPending}
              onClick={() => remove.mutate({ id: machine.id, ...(inUse ? { withPlans: true } : {}) })}
            >
              {inUse ? 'Remove it and its plans' : 'Remove'}
            </Button>
            <DialogClose asChild>
              <Button variant="ghost">Keep it</Button>
            </DialogClose>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  )
}
