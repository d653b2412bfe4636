'use client'

import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { failureCode } from '../../trpc/failure.ts'
import { FormDialog } from '../shell/form-dialog.tsx'

/** Goes only when their number is typed: what is removed here is not to be had back. */
export function RemoveMany({ ids, onDone }: { readonly ids: readonly string[]; readonly onDone: () => void }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const remove = useMutation(
    trpc.machines.removeMany.mutationOptions({
      onSuccess: ({ ids: removed }) => {
        toast.success(removed.length === 1 ? 'Removed one machine.' : `Removed ${removed.length} machines.`)
        setOpen(false)
        onDone()
        router.refresh()
      },
    }),
  )
  const inUse = failureCode(remove.error) === 'in-use'
  const words = ids.length === 1 ? 'one machine' : `${ids.length} machines`
  return (
    <FormDialog
      triggerProps={{ size: 'sm' }}
      trigger={
        <>
          <Trash2 aria-hidden /> Remove
        </>
      }
      title={`Remove ${words}?`}
      description="With their GPUs and what they were read from. An export beforehand brings them back."
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setTyped('')
        remove.reset()
      }}
      onSubmit={() => remove.mutate({ ids: [...ids], withPlans: inUse })}
    >
      <Field label={`Type ${ids.length} to remove ${words}`}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            className="max-w-32"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
      {remove.error && <FailureCallout title="None was removed." error={remove.error} />}
      <Button
        type="submit"
        variant="danger"
        className="justify-self-start"
        disabled={remove.isPending || typed.trim() !== String(ids.length)}
      >
        {inUse ? `Remove ${words} and their plans` : `Remove ${words}`}
      </Button>
    </FormDialog>
  )
}
