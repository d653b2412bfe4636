'use client'

import type { MachineQuery } from '@berth/core'
import { Button } from '@berth/ui/button'
import { useMutation } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { SavedView } from '../../trpc/types.ts'
import { FormDialog } from '../shell/form-dialog.tsx'
import { NameField } from '../shell/name-field.tsx'
import { writeQuery } from './list-query.ts'

/** Keeps what is listed, its order and columns, under a name of its own or in place of another view. */
export function SaveView({ views, query }: { readonly views: readonly SavedView[]; readonly query: MachineQuery }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const options = {
    onSuccess: () => {
      toast.success(`Saved the view ${name}.`)
      setOpen(false)
      router.refresh()
    },
  }
  const create = useMutation(trpc.views.create.mutationOptions(options))
  const replace = useMutation(trpc.views.update.mutationOptions(options))
  const existing = views.find((view) => view.name === name)
  const error = create.error ?? replace.error
  return (
    <FormDialog
      triggerProps={{ size: 'sm' }}
      trigger={
        <>
          <Bookmark aria-hidden /> Save view
        </>
      }
      title="Save this view"
      description="Its filters, order and columns, for everybody of the team."
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setTyped('')
        create.reset()
        replace.reset()
      }}
      onSubmit={() =>
        existing
          ? replace.mutate({ id: existing.id, query: writeQuery(query) })
          : create.mutate({ list: 'machines', name, query: writeQuery(query) })
      }
    >
      <NameField hint={existing && 'There is a view of this name: it is replaced.'} value={typed} onChange={setTyped} />
      {error && <FailureCallout title="It was not saved." error={error} />}
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={name === '' || create.isPending || replace.isPending}
      >
        {existing ? 'Replace the view' : 'Save'}
      </Button>
    </FormDialog>
  )
}
