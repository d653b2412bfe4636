'use client'

import { formatBytes, bytes } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { cn } from '@berth/ui/cn'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { uploadHeader } from './upload.ts'

const examples = [
  { address: 'hf:org/repo/model-Q4_K_M.gguf', note: 'a file on Hugging Face' },
  { address: 'org/repo:Q4_K_M', note: 'a quantization of a repository' },
  { address: 'https://host/model-00001-of-00003.gguf', note: 'a URL; the other shards are found' },
  { address: '/srv/models/model.gguf', note: 'a file on the server’s disk' },
  { address: 'org/repo-exl2@4.0bpw', note: 'a folder of EXL2 or EXL3 on Hugging Face, at a revision' },
  { address: '/srv/models/model-4.0bpw', note: 'a folder of EXL2 or EXL3 on the server’s disk' },
] as const

/** Opens a model that has just been imported, and says so where it was here already. */
function useArrival() {
  const router = useRouter()
  return ({
    model,
    created,
  }: {
    readonly model: { readonly id: string; readonly name: string }
    readonly created: boolean
  }) => {
    toast.success(created ? `Imported ${model.name}.` : `${model.name} was here already.`)
    router.push(paths.model(model.id))
    router.refresh()
  }
}

export function ImportModelForm() {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <AddressForm />
      <FileForm />
    </div>
  )
}

function AddressForm() {
  const trpc = useTRPC()
  const arrive = useArrival()
  const [address, setAddress] = useState('')
  const [token, setToken] = useState('')
  const load = useMutation(trpc.models.import.mutationOptions({ onSuccess: arrive }))
  return (
    <Card>
      <CardHeader title="From an address" description="Only headers are read: a few megabytes of the whole model." />
      <CardBody>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            load.mutate({ address: address.trim(), ...(token ? { token } : {}) })
          }}
        >
          <Field label="Address">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={4096}
                spellCheck={false}
                autoComplete="off"
                className="font-mono text-xs"
                placeholder="org/repo:Q4_K_M"
                value={address}
                onChange={(event) => setAddress(event.target.value)}
              />
            )}
          </Field>
          <ul className="grid gap-1 text-xs text-secondary">
            {examples.map((example) => (
              <li key={example.address} className="flex flex-wrap gap-x-2">
                <button
                  type="button"
                  className="break-all rounded-sm text-left font-mono text-accent hover:underline"
                  onClick={() => setAddress(example.address)}
                >
                  {example.address}
                </button>
                {example.note}
              </li>
            ))}
          </ul>
          <details className="text-sm">
            <summary className="w-fit rounded-sm text-xs text-secondary hover:text-ink">
              The repository is gated
            </summary>
            <Field label="Token" hint="Sent to the hub alone, not stored." className="mt-3">
              {(control) => (
                <Input
                  {...control}
                  type="password"
                  autoComplete="off"
                  maxLength={512}
                  value={token}
                  onChange={(event) => setToken(event.target.value)}
                />
              )}
            </Field>
          </details>
          {load.error && <FailureCallout title="Nothing was imported." error={load.error} />}
          <Button
            type="submit"
            variant="primary"
            className="justify-self-start"
            disabled={load.isPending || !address.trim()}
          >
            {load.isPending ? 'Reading the header' : 'Import'}
          </Button>
        </form>
      </CardBody>
    </Card>
  )
}

function FileForm() {
  const arrive = useArrival()
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState(0)
  const upload = useMutation({ mutationFn: (file: File) => uploadHeader(file, setSending), onSuccess: arrive })
  const take = (files: FileList | null) => {
    const file = files?.[0]
    if (file && !upload.isPending) upload.mutate(file)
  }
  return (
    <Card>
      <CardHeader title="From a file" description="Only its first bytes leave this computer, never the weights." />
      <CardBody className="grid gap-3">
        <div
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(false)
            take(event.dataTransfer.files)
          }}
          className={cn(
            'grid justify-items-center gap-3 rounded-md border border-dashed px-4 py-8 text-center text-xs text-secondary',
            over ? 'border-accent bg-accent-soft' : 'border-line-strong/60',
          )}
        >
          <Button disabled={upload.isPending} onClick={() => picker.current?.click()}>
            <FileUp aria-hidden /> Choose a .gguf file
          </Button>
          <p role="status">
            {upload.isPending
              ? `Sending the first ${formatBytes(bytes(sending))}`
              : 'or drop it here; of a split model, its first shard'}
          </p>
          <input
            ref={picker}
            type="file"
            hidden
            accept=".gguf"
            onChange={(event) => {
              take(event.target.files)
              event.target.value = ''
            }}
          />
        </div>
        {upload.error && (
          <Callout tone="error" title="Nothing was imported.">
            {upload.error.message}
          </Callout>
        )}
      </CardBody>
    </Card>
  )
}
