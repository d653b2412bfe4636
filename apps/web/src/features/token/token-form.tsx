'use client'

import { Button } from '@berth/ui/button'
import { CodeBlock } from '@berth/ui/code-block'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { NameField } from '../shell/name-field.tsx'
import { expiryOf, type LifetimeId, lifetimes } from './expiry.ts'

/** Makes a registration token and shows its secret, this once. */
export function TokenForm({ onMade }: { readonly onMade?: (secret: string) => void }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [name, setName] = useState('')
  const [lifetime, setLifetime] = useState<LifetimeId>('never')
  const create = useMutation(
    trpc.tokens.create.mutationOptions({
      onSuccess: ({ secret }) => {
        setName('')
        onMade?.(secret)
        router.refresh()
      },
    }),
  )
  return (
    <div className="grid gap-4">
      <form
        className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_10rem_auto]"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({ name: name.trim(), expiresAt: expiryOf(lifetime, Date.now()) })
        }}
      >
        <NameField
          label="Token name"
          tip="What it is for. One token may be used by any number of machines."
          placeholder="Rack 3"
          value={name}
          onChange={setName}
        />
        <Field label="Expires">
          {(control) => (
            <Select
              {...control}
              options={lifetimes.map(({ id, label }) => ({ value: id, label }))}
              value={lifetime}
              onChange={({ target }) => setLifetime(lifetimes.find(({ id }) => id === target.value)?.id ?? 'never')}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" disabled={name.trim() === '' || create.isPending}>
          {create.isPending ? 'Making' : 'Make a token'}
        </Button>
      </form>
      {create.error && <FailureCallout title="No token was made." error={create.error} />}
      {create.data && (
        <div role="status" className="grid gap-1.5">
          <p className="text-sm">
            <span className="font-medium">{create.data.name}:</span> copy it now, it is not shown again.
          </p>
          <CodeBlock code={create.data.secret} label="Registration token" wrap />
        </div>
      )}
    </div>
  )
}
