'use client'

import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { SavedView } from '../../trpc/types.ts'
import { FormDialog } from '../shell/form-dialog.tsx'
import { NameField } from '../shell/name-field.tsx'

/** Another name for a view, or its end; the list stays as it is. */
export function EditView({ view }: { readonly view: SavedView }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState(view.name)
  const options = {
    onSuccess: () => {
      setOpen(false)
      router.refresh()
    },
  }
  const rename = useMutation(trpc.views.update.mutationOptions(options))
  const remove = useMutation(trpc.views.remove.mutationOptions(options))
  const error = rename.error ?? remove.error
  return (
    <FormDialog
      triggerProps={{ size: 'sm' }}
      trigger={
        <>
          <Pencil aria-hidden /> Edit view
        </>
      }
      title={`The view ${view.name}`}
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setName(view.name)
        rename.reset()
        remove.reset()
      }}
      onSubmit={() => rename.mutate({ id: view.id, name: name.trim() })}
    >
      <NameField value={name} onChange={setName} />
      {error && <FailureCallout title="It was not changed." error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={rename.isPending || name.trim() === ''}>
          Rename
        </Button>
        <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate({ id: view.id })}>
          Remove the view
        </Button>
      </div>
    </FormDialog>
  )
}
