'use client'

import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Skeleton } from '@berth/ui/skeleton'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { CatalogueGpuView } from '../../trpc/types.ts'
import { bandwidthOf, nominalMemory } from '../catalogue/gpu-figures.ts'
import { type CatalogueInputs, type ChosenGpu, withCount, withGpu } from './catalogue-inputs.ts'

/** A search says with fewer words than a list what is meant. */
const SHOWN = 6
/** The API takes no more cards of one machine. */
const MAX_COUNT = 32

/** Which GPUs the machine has, and how many of each. */
export function GpuPicker({
  inputs,
  onChange,
}: {
  readonly inputs: CatalogueInputs
  readonly onChange: (inputs: CatalogueInputs) => void
}) {
  return (
    <Card>
      <CardHeader title="GPUs" description="In the order in which the engine is to see them." />
      <CardBody className="grid gap-4">
        {inputs.chosen.length > 0 && (
          <ul aria-label="Chosen GPUs" className="grid gap-2">
            {inputs.chosen.map((one) => (
              <ChosenRow
                key={one.gpu.id}
                chosen={one}
                onCount={(count) => onChange(withCount(inputs, one.gpu.id, count))}
              />
            ))}
          </ul>
        )}
        <GpuFinder onChoose={(gpu) => onChange(withGpu(inputs, gpu))} />
      </CardBody>
    </Card>
  )
}

function ChosenRow({
  chosen: { gpu, count },
  onCount,
}: {
  readonly chosen: ChosenGpu
  readonly onCount: (count: number) => void
}) {
  return (
    <li className="flex items-center gap-2 rounded-md border border-line p-2">
      <Input
        type="number"
        aria-label={`How many ${gpu.name}`}
        className="w-16 shrink-0"
        min={1}
        max={MAX_COUNT}
        step={1}
        required
        value={count}
        onChange={(event) => onCount(Math.min(MAX_COUNT, Math.max(1, Math.round(Number(event.target.value)))))}
      />
      <span className="min-w-0 flex-1">
        <span className="block break-words text-sm font-medium">{gpu.name}</span>
        <GpuFigures gpu={gpu} />
      </span>
      <Button size="sm" variant="ghost" aria-label={`Leave out ${gpu.name}`} onClick={() => onCount(0)}>
        <X aria-hidden />
      </Button>
    </li>
  )
}

function GpuFinder({ onChoose }: { readonly onChoose: (gpu: CatalogueGpuView) => void }) {
  const trpc = useTRPC()
  const [search, setSearch] = useState('')
  const text = useDeferredValue(search.trim())
  const found = useQuery({
    ...trpc.catalogue.gpus.queryOptions({ limit: SHOWN, ...(text && { text }) }),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="grid gap-2">
      <Field label="Add a GPU">
        {(control) => (
          <Input
            {...control}
            type="search"
            placeholder="RTX 3090"
            autoComplete="off"
            maxLength={200}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              // The form is sent by its button; here Enter would send a machine without the GPU looked for.
              if (event.key === 'Enter') event.preventDefault()
            }}
          />
        )}
      </Field>
      {found.error && <FailureCallout title="The catalogue could not be searched." error={found.error} />}
      {found.isPending && <Skeleton className="h-40" />}
      {found.data && (
        <ul aria-label="GPUs found" aria-busy={found.isFetching} className="grid">
          {found.data.items.map((gpu) => (
            <li key={gpu.id}>
              <button
                type="button"
                aria-label={`Add ${gpu.name}, ${nominalMemory(gpu)}`}
                className="flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-hover"
                onClick={() => onChoose(gpu)}
              >
                <Plus aria-hidden className="size-4 shrink-0 text-tertiary" />
                <span className="min-w-0">
                  <span className="block break-words text-sm">{gpu.name}</span>
                  <GpuFigures gpu={gpu} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {found.data?.items.length === 0 && (
        <p className="py-4 text-center text-sm text-secondary">No GPU of the catalogue matches “{text}”.</p>
      )}
      {found.data && found.data.nextCursor !== null && (
        <p className="text-xs text-tertiary">More match; type more of the name.</p>
      )}
    </div>
  )
}

const GpuFigures = ({ gpu }: { readonly gpu: CatalogueGpuView }) => (
  <span className="block text-xs text-secondary">
    {nominalMemory(gpu)}
    {gpu.unified && ', shared with the machine'}, {bandwidthOf(gpu.memoryBandwidthBytesPerSecond)}
  </span>
)
