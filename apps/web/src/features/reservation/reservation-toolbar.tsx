'use client'

import { Button } from '@berth/ui/button'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { spanTitle, type TimeSpan, timeZooms } from '@berth/ui/time-axis'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { movedDay, type ReservationQuery } from './reservation-query.ts'

const zoomWords = { day: 'Day', week: 'Week', month: 'Month', quarter: 'Quarter' } as const satisfies Record<
  (typeof timeZooms)[number],
  string
>

export interface ToolbarProps {
  readonly query: ReservationQuery
  readonly onChange: (change: Partial<ReservationQuery>) => void
}

/** Which span of time is shown: how long, and the one before, after, or with now in it. */
export function SpanBar({
  query,
  span,
  now,
  onChange,
}: ToolbarProps & { readonly span: TimeSpan; readonly now: number }) {
  const move = (by: number) => onChange({ day: movedDay(query, by, now) })
  return (
    <div className="flex flex-wrap items-center gap-2">
      <div className="flex items-center gap-1">
        <Button size="icon" aria-label={`The ${query.zoom} before`} onClick={() => move(-1)}>
          <ChevronLeft aria-hidden />
        </Button>
        <Button
          disabledReason={query.day === null ? 'Today is shown.' : undefined}
          onClick={() => onChange({ day: null })}
        >
          Today
        </Button>
        <Button size="icon" aria-label={`The ${query.zoom} after`} onClick={() => move(1)}>
          <ChevronRight aria-hidden />
        </Button>
      </div>
      <p aria-live="polite" className="min-w-0 px-1 text-sm font-medium tabular-nums">
        {spanTitle(query.zoom, span)}
      </p>
      <div role="group" aria-label="Zoom" className="flex gap-0.5 rounded-md bg-sunken p-0.5 sm:ml-auto">
        {timeZooms.map((zoom) => (
          <button
            key={zoom}
            type="button"
            aria-pressed={zoom === query.zoom}
            className="h-7 rounded px-2.5 text-xs font-medium text-secondary hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-xs"
            onClick={() => onChange({ zoom })}
          >
            {zoomWords[zoom]}
          </button>
        ))}
      </div>
    </div>
  )
}

/** Of which machine, and whose. */
export function SubjectBar({
  query,
  machines,
  owners,
  onChange,
}: ToolbarProps & {
  readonly machines: readonly { readonly id: string; readonly name: string }[]
  /** Those who are seen to have any; others can be typed. */
  readonly owners: readonly string[]
}) {
  return (
    <search className="grid gap-2 sm:grid-cols-[14rem_14rem_auto] sm:justify-start">
      <Select
        aria-label="Machine"
        value={query.machine ?? ''}
        options={[
          { value: '', label: 'Every machine' },
          ...machines.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={({ target }) => onChange({ machine: target.value || null })}
      />
      <Input
        type="search"
        aria-label="Owner"
        placeholder="Every owner"
        list="reservation-owners"
        maxLength={200}
        defaultValue={query.owner ?? ''}
        key={query.owner}
        onBlur={({ target }) => onChange({ owner: target.value.trim() || null })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange({ owner: event.currentTarget.value.trim() || null })
        }}
        onChange={({ target }) => {
          // One that was picked from the list, or was emptied by its cross, is meant.
          if (target.value === '' || owners.includes(target.value)) onChange({ owner: target.value || null })
        }}
      />
      <datalist id="reservation-owners">
        {owners.map((owner) => (
          <option key={owner} value={owner} />
        ))}
      </datalist>
      {(query.machine !== null || query.owner !== null) && (
        <Button variant="ghost" onClick={() => onChange({ machine: null, owner: null })}>
          Clear filters
        </Button>
      )}
    </search>
  )
}
