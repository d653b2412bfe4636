'use client'

import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { CatalogueGpuView } from '../../trpc/types.ts'
import { NameField } from '../shell/name-field.tsx'
import { type CatalogueInputs, emptyInputs, linkOptions, nameOf, newMachineOf, withGpu } from './catalogue-inputs.ts'
import { GpuPicker } from './gpu-picker.tsx'

/** A machine of the catalogue’s products: what if there were two used 3090s and 128 GB? */
export function CatalogueForm({ first }: { readonly first: CatalogueGpuView | undefined }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [inputs, setInputs] = useState(() => (first ? withGpu(emptyInputs, first) : emptyInputs))
  const create = useMutation(
    trpc.machines.create.mutationOptions({
      onSuccess: ({ id, name }) => {
        toast.success(`Added ${name}.`)
        router.push(paths.machine(id))
        router.refresh()
      },
    }),
  )
  const change = (next: CatalogueInputs) => {
    setInputs(next)
    create.reset()
  }
  const shares = inputs.chosen.some(({ gpu }) => gpu.unified)
  const nothing = inputs.chosen.length === 0 && inputs.memory === ''
  const lacking = nameOf(inputs).trim() === '' || nothing || (shares && inputs.memory === '')
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(newMachineOf(inputs))
      }}
    >
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <GpuPicker inputs={inputs} onChange={change} />
        <Card>
          <CardHeader title="The machine" description="Its GPUs’ figures are the catalogue’s, and marked so." />
          <CardBody>
            <MachineFields inputs={inputs} shares={shares} onChange={change} />
          </CardBody>
        </Card>
      </div>
      {create.error && <FailureCallout title="Nothing was added." error={create.error} />}
      <Button type="submit" variant="primary" className="justify-self-start" disabled={lacking || create.isPending}>
        {create.isPending ? 'Adding' : 'Add the machine'}
      </Button>
    </form>
  )
}

function MachineFields({
  inputs,
  shares,
  onChange,
}: {
  readonly inputs: CatalogueInputs
  /** A GPU has no memory but the machine’s. */
  readonly shares: boolean
  readonly onChange: (inputs: CatalogueInputs) => void
}) {
  const cards = inputs.chosen.reduce((sum, { count }) => sum + count, 0)
  const text = (key: 'memory' | 'cpuName' | 'cpuCores') => ({
    autoComplete: 'off',
    value: inputs[key],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      onChange({ ...inputs, [key]: event.target.value }),
  })
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <NameField
        className="sm:col-span-2"
        placeholder="what-if-01"
        value={nameOf(inputs)}
        onChange={(name) => onChange({ ...inputs, name })}
      />
      <Field
        label="RAM in GiB"
        hint={shares ? 'Needed: the GPU has no memory of its own.' : 'For models that do not fit on the GPUs alone.'}
      >
        {(control) => (
          <Input {...control} type="number" min={1} max={2 ** 20} step="any" required={shares} {...text('memory')} />
        )}
      </Field>
      <Field
        label="Path between GPUs"
        hint={cards > 1 ? 'As nvidia-smi topo -m names it.' : 'For machines with several GPUs.'}
      >
        {(control) => (
          <Select
            {...control}
            options={linkOptions}
            disabled={cards < 2}
            value={inputs.link}
            onChange={(event) => onChange({ ...inputs, link: event.target.value })}
          />
        )}
      </Field>
      <Field label="Processor" hint="A known one tells how fast the RAM is.">
        {(control) => <Input {...control} maxLength={200} placeholder="AMD EPYC 7763" {...text('cpuName')} />}
      </Field>
      <Field label="Cores">
        {(control) => <Input {...control} type="number" min={1} max={4096} step={1} {...text('cpuCores')} />}
      </Field>
    </div>
  )
}
