'use client'

import { mebibytes, MIB, requestDefaults } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { readMargin } from './read-margin.ts'

const OWN = Math.round(requestDefaults.margin / MIB)

/** What plans keep free on every GPU where nobody says otherwise. */
export function MarginForm({ marginBytes }: { readonly marginBytes: number | null }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [text, setText] = useState(marginBytes === null ? '' : String(Math.round(marginBytes / MIB)))
  const update = useMutation(trpc.team.update.mutationOptions({ onSuccess: () => router.refresh() }))
  const margin = readMargin(text)
  return (
    <Card>
      <CardHeader
        title="Margin per GPU"
        description="Plans keep so much free on every GPU unless they are asked for another margin. Saved plans keep theirs."
      />
      <CardBody>
        <form
          className="grid max-w-sm gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (margin.ok) update.mutate({ marginBytes: margin.mib === null ? null : mebibytes(margin.mib) })
          }}
        >
          <Field
            label="Margin in MiB"
            tip="Left empty, the engine's own margin stands."
            error={margin.ok ? undefined : margin.message}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                autoComplete="off"
                placeholder={`${OWN}, as llama.cpp keeps it`}
                value={text}
                onChange={({ target }) => {
                  setText(target.value)
                  update.reset()
                }}
              />
            )}
          </Field>
          {update.error && <FailureCallout title="The margin was not saved." error={update.error} />}
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" disabled={!margin.ok || update.isPending}>
              {update.isPending ? 'Saving' : 'Save'}
            </Button>
            <p role="status" className="text-sm text-secondary">
              {update.isSuccess && 'Saved.'}
            </p>
          </div>
        </form>
      </CardBody>
    </Card>
  )
}
