'use client'

import type { LayerSplit, Machine } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FormDialog } from '../shell/form-dialog.tsx'
import type { PlanInputs } from './plan-inputs.ts'
import { planInputOf } from './saved-choices.ts'

/** Keeps the inputs under a name; the verdict is recomputed whenever the plan is opened. */
export function SavePlan({
  inputs,
  machine,
  suggestion,
  split,
}: {
  readonly inputs: PlanInputs
  readonly machine: Machine
  readonly suggestion: string
  /** Made by hand, where there is one. */
  readonly split: LayerSplit | undefined
}) {
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const save = useMutation(
    trpc.plans.save.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.plans.pathFilter())
        router.push(paths.savedPlan(id))
      },
    }),
  )
  const input = planInputOf(inputs, machine, split)
  if (!input) return null
  const fallback = `${suggestion} on ${machine.name}`
  return (
    <FormDialog
      trigger={
        <>
          <Bookmark aria-hidden /> Save plan
        </>
      }
      title="Save this plan"
      description="Its inputs are kept; the verdict is recomputed when it is opened."
      onSubmit={() => save.mutate({ name: name.trim() || fallback, ...input })}
    >
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            placeholder={fallback}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {save.error && (
        <Callout tone="error" title="The plan was not saved.">
          {save.error.message}
        </Callout>
      )}
      <Button type="submit" variant="primary" disabled={save.isPending} className="justify-self-start">
        {save.isPending ? 'Saving' : 'Save'}
      </Button>
    </FormDialog>
  )
}
