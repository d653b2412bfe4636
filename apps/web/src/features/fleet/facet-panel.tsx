'use client'

import {
  type Bytes,
  type Facet,
  type FacetCounts,
  type FacetValue,
  formatBytes,
  gibibytes,
  type MachineFilter,
  withLabel,
  withoutLabel,
} from '@berth/core'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { type ReactNode, useState } from 'react'
import { LabelSelectorField } from './label-selector-field.tsx'
import { toggled, without } from './list-query.ts'
import { facetWords, panelFacets, valueWords } from './words.ts'

/** Values of one facet that are shown at first. */
const SHOWN = 7

const sizesInAll = [16, 24, 48, 80, 160, 320, 640]
const sizesOnOne = [8, 12, 16, 24, 40, 48, 80, 128, 192]

export interface FacetPanelProps {
  readonly counts: FacetCounts
  readonly filter: MachineFilter
  readonly onChange: (filter: MachineFilter) => void
}

/** What machines can be chosen by, each with how many it would leave. */
export function FacetPanel({ counts, filter, onChange }: FacetPanelProps) {
  return (
    <div className="grid content-start gap-5">
      {panelFacets
        .filter((facet) => counts[facet].length > 1 || (filter[facet] ?? []).length > 0)
        .map((facet) => (
          <FacetGroup key={facet} facet={facet} values={counts[facet]} filter={filter} onChange={onChange} />
        ))}
      <FreeMemory filter={filter} onChange={onChange} />
      <Labels counts={counts} filter={filter} onChange={onChange} />
    </div>
  )
}

interface FacetGroupProps extends Omit<FacetPanelProps, 'counts'> {
  readonly facet: Facet
  readonly values: readonly FacetValue[]
}

function FacetGroup({ facet, values, filter, onChange }: FacetGroupProps) {
  const chosen = filter[facet] ?? []
  return (
    <Group title={facetWords[facet].title}>
      <Values
        values={values}
        isChosen={(value) => chosen.includes(value)}
        wordsOf={(value) => valueWords(facet, value)}
        onToggle={(value) => onChange(toggled(filter, facet, value))}
      />
    </Group>
  )
}

function Labels({ counts, filter, onChange }: FacetPanelProps) {
  const chosen = (key: string) =>
    (filter.labels ?? []).flatMap((one) => (one.key === key && one.is === 'equal' ? [one.value] : []))
  return (
    <Group title="Labels">
      {counts.labels.map(({ key, values }) => (
        <details key={key} open={chosen(key).length > 0} className="group">
          <summary className="rounded-sm py-1 text-sm break-all text-secondary hover:text-ink">{key}</summary>
          <div className="pl-3">
            <Values
              values={values}
              isChosen={(value) => chosen(key).includes(value)}
              wordsOf={(value) => value || '(empty)'}
              onToggle={(value) =>
                onChange(chosen(key).includes(value) ? withoutLabel(filter, key) : withLabel(filter, key, value))
              }
            />
          </div>
        </details>
      ))}
      <LabelSelectorField onAdd={(selector) => onChange({ ...filter, labels: [...(filter.labels ?? []), selector] })} />
    </Group>
  )
}

function FreeMemory({ filter, onChange }: Omit<FacetPanelProps, 'counts'>) {
  const set = (field: 'freeMin' | 'freeOnOneMin', size: Bytes | undefined) => {
    onChange(size === undefined ? without(filter, field) : { ...filter, [field]: size })
  }
  return (
    <Group title="Free after reservations">
      <div className="grid gap-2">
        <SizeSelect
          label="On all its GPUs"
          sizes={sizesInAll}
          value={filter.freeMin}
          onChange={(size) => set('freeMin', size)}
        />
        <SizeSelect
          label="On one GPU"
          sizes={sizesOnOne}
          value={filter.freeOnOneMin}
          onChange={(size) => set('freeOnOneMin', size)}
        />
      </div>
    </Group>
  )
}

function SizeSelect({
  label,
  sizes,
  value,
  onChange,
}: {
  readonly label: string
  readonly sizes: readonly number[]
  readonly value: Bytes | undefined
  readonly onChange: (size: Bytes | undefined) => void
}) {
  // An address may ask for any size.
  const offered = [...new Set([...sizes.map(gibibytes), ...(value === undefined ? [] : [value])])].toSorted(
    (a, b) => a - b,
  )
  return (
    <Field label={label}>
      {(control) => (
        <Select
          {...control}
          value={String(value ?? '')}
          options={[
            { value: '', label: 'Any' },
            ...offered.map((size) => ({ value: String(size), label: `${formatBytes(size)} or more` })),
          ]}
          onChange={({ target }) => onChange(offered.find((size) => String(size) === target.value))}
        />
      )}
    </Field>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-xs font-semibold text-ink">{title}</legend>
      {children}
    </fieldset>
  )
}

function Values({
  values,
  isChosen,
  wordsOf,
  onToggle,
}: {
  readonly values: readonly FacetValue[]
  readonly isChosen: (value: string) => boolean
  readonly wordsOf: (value: string) => string
  readonly onToggle: (value: string) => void
}) {
  const [all, setAll] = useState(false)
  // What is chosen is never hidden.
  const shown = all ? values : values.filter(({ value }, at) => at < SHOWN || isChosen(value))
  return (
    <>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value}>
            <label className="flex cursor-pointer items-baseline gap-2 rounded px-1 py-0.5 -mx-1 text-sm hover:bg-hover">
              <input
                type="checkbox"
                className="size-3.5 shrink-0 translate-y-px accent-(--accent)"
                checked={isChosen(value)}
                onChange={() => onToggle(value)}
              />
              <span className="min-w-0 flex-1 break-words">{wordsOf(value)}</span>
              <span
                className={count === 0 ? 'text-xs tabular-nums text-tertiary' : 'text-xs tabular-nums text-secondary'}
              >
                {count}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {(all || shown.length < values.length) && values.length > SHOWN && (
        <button
          type="button"
          className="mt-0.5 rounded-sm text-xs text-accent hover:underline"
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${values.length}`}
        </button>
      )}
    </>
  )
}
