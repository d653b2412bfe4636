'use client'

import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input, Textarea } from '@berth/ui/input'
import { useMutation } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type DragEvent, useRef, useState } from 'react'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { ImportPreview } from './import-preview.tsx'

/** The API takes no more in one paste; `nvidia-smi -q -x` of sixteen GPUs is about 200 KB. */
const MAX_CHARACTERS = 8 * 1024 * 1024

/** Paste or drop, look at what was read, save. Nothing is stored before the last step. */
export function ImportForm() {
  const trpc = useTRPC()
  const router = useRouter()
  const [text, setText] = useState('')
  const [hostName, setHostName] = useState('')
  const preview = useMutation(trpc.machines.previewImport.mutationOptions())
  const save = useMutation(
    trpc.machines.import.mutationOptions({
      onSuccess: ({ machines }) => {
        toast.success(machines.length === 1 ? 'Saved one machine.' : `Saved ${machines.length} machines.`)
        const only = machines.length === 1 ? machines[0] : undefined
        router.push(only ? paths.machine(only.machine.id) : paths.machines())
        router.refresh()
      },
    }),
  )
  const input = { text, ...(hostName.trim() ? { hostName: hostName.trim() } : {}) }
  const change = (next: string) => {
    setText(next)
    preview.reset()
    save.reset()
  }
  const tooLong =
    text.length > MAX_CHARACTERS ? 'This is more than 8 MB. Paste the output of one machine at a time.' : undefined
  return (
    <div className="grid gap-4">
      <Card>
        <CardHeader
          title="What the machine prints"
          description="The format is recognised; several outputs may follow each other."
        />
        <CardBody>
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault()
              preview.mutate(input)
            }}
          >
            <PasteBox text={text} onChange={change} error={tooLong} />
            <Field
              label="Machine name"
              hint="Only needed where the output names no host. It can be changed later."
              className="sm:max-w-80"
            >
              {(control) => (
                <Input
                  {...control}
                  maxLength={200}
                  autoComplete="off"
                  placeholder="lab-01"
                  value={hostName}
                  onChange={(event) => {
                    setHostName(event.target.value)
                    preview.reset()
                  }}
                />
              )}
            </Field>
            <Button
              type="submit"
              variant={preview.data ? 'secondary' : 'primary'}
              className="justify-self-start"
              disabled={text.trim() === '' || tooLong !== undefined || preview.isPending}
            >
              {preview.isPending ? 'Reading' : 'Read'}
            </Button>
          </form>
        </CardBody>
      </Card>
      {preview.error && <FailureCallout title="This could not be read." error={preview.error} />}
      {preview.data && (
        <ImportPreview
          preview={preview.data}
          saving={save.isPending}
          onSave={(message) => save.mutate({ ...input, ...message })}
        />
      )}
      {save.error && <FailureCallout title="Nothing was saved." error={save.error} />}
    </div>
  )
}

function PasteBox({
  text,
  onChange,
  error,
}: {
  readonly text: string
  readonly onChange: (text: string) => void
  readonly error: string | undefined
}) {
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = async (files: FileList | null) => {
    const texts = await Promise.all(Array.from(files ?? [], (file) => file.slice(0, MAX_CHARACTERS + 1).text()))
    if (texts.length > 0) onChange(texts.join('\n'))
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files)
  }
  return (
    <div className="grid gap-2">
      <Field label="Output" error={error}>
        {(control) => (
          <Textarea
            {...control}
            rows={10}
            spellCheck={false}
            placeholder={'<?xml version="1.0" ?>\n<nvidia_smi_log>\n…'}
            className={over ? 'border-accent bg-accent-soft font-mono text-xs' : 'font-mono text-xs'}
            value={text}
            onChange={(event) => onChange(event.target.value)}
            onDragOver={(event) => {
              event.preventDefault()
              setOver(true)
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          />
        )}
      </Field>
      <div className="flex items-center gap-2 text-xs text-tertiary">
        <Button size="sm" onClick={() => picker.current?.click()}>
          <FileUp aria-hidden /> Choose files
        </Button>
        or drop them on the box
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept=".xml,.csv,.json,.txt,.log,text/*"
          onChange={(event) => {
            void take(event.target.files)
            event.target.value = ''
          }}
        />
      </div>
    </div>
  )
}
