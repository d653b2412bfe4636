'use client'

import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { debounce, useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { gpuParsers, vendors } from './gpu-search.ts'

/** Between keys of a word there is less. */
const TYPING_MS = 250

const memorySizes = [8, 12, 16, 24, 32, 48, 80, 128, 192]

/** Search, vendor and memory; all of it in the address, answered by the server. */
export function GpuFilters() {
  const [pending, startTransition] = useTransition()
  const [{ q, vendor, memory }, set] = useQueryStates(gpuParsers, {
    history: 'replace',
    shallow: false,
    startTransition,
  })
  return (
    <search aria-busy={pending} className="grid gap-2 sm:grid-cols-[minmax(0,20rem)_10rem_12rem]">
      <Input
        type="search"
        aria-label="Search GPUs"
        placeholder="Name or architecture"
        maxLength={200}
        value={q}
        onChange={(event) =>
          void set({ q: event.target.value || null, show: null }, { limitUrlUpdates: debounce(TYPING_MS) })
        }
      />
      <Select
        aria-label="Vendor"
        value={vendor ?? ''}
        options={[{ value: '', label: 'Every vendor' }, ...vendors.map((value) => ({ value, label: value }))]}
        onChange={(event) =>
          void set({ vendor: vendors.find((one) => one === event.target.value) ?? null, show: null })
        }
      />
      <Select
        aria-label="Memory"
        value={String(memory ?? '')}
        options={[
          { value: '', label: 'Any memory' },
          ...[...new Set([...memorySizes, ...(memory === null ? [] : [memory])])]
            .toSorted((a, b) => a - b)
            .map((size) => ({ value: String(size), label: `${size} GiB or more` })),
        ]}
        onChange={(event) => void set({ memory: event.target.value ? Number(event.target.value) : null, show: null })}
      />
    </search>
  )
}
