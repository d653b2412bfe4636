import type { MachineFilter } from '@berth/core'
import { X } from 'lucide-react'
import { chipsOf } from './list-query.ts'

/** What the list is narrowed to; each goes with a click. */
export function FilterChips({
  filter,
  onChange,
}: {
  readonly filter: MachineFilter
  readonly onChange: (filter: MachineFilter) => void
}) {
  const chips = chipsOf(filter)
  if (chips.length === 0) return null
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-1.5">
      {chips.map(({ label, without }) => (
        <li key={label}>
          <button
            type="button"
            aria-label={`Remove the filter ${label}`}
            className="flex max-w-72 items-center gap-1 rounded-full bg-accent-soft py-0.5 pr-1.5 pl-2.5 text-xs font-medium text-accent hover:underline"
            onClick={() => onChange(without)}
          >
            <span className="truncate">{label}</span>
            <X aria-hidden className="size-3 shrink-0" />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className="rounded-sm px-1 text-xs text-secondary hover:text-ink hover:underline"
          onClick={() => onChange(filter.text ? { text: filter.text } : {})}
        >
          Clear filters
        </button>
      </li>
    </ul>
  )
}
