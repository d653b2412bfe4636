'use client'

import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { reservationLooks } from '@berth/ui/reservation-state'
import { Select } from '@berth/ui/select'
import { Skeleton } from '@berth/ui/skeleton'
import { spanTitle, type TimeSpan } from '@berth/ui/time-axis'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { type ReservationQuery, type StateChoice, stateChoices } from './reservation-query.ts'
import { ReservationTable } from './reservation-table.tsx'
import type { ToolbarProps } from './reservation-toolbar.tsx'
import { useReservationList } from './use-reservations.ts'

/** The reservations that are asked for, a page at a time. */
export function ReservationList({ query, span, onChange }: ToolbarProps & { readonly span: TimeSpan }) {
  const list = useReservationList(query, span)
  const reservations = list.data?.pages.flatMap(({ items }) => items)
  return (
    <Card aria-label="Reservations">
      <CardHeader
        title="Reservations"
        description={query.within ? `Those of ${spanTitle(query.zoom, span)}.` : 'Of any time.'}
        actions={<ListFilters query={query} onChange={onChange} />}
      />
      <div aria-busy={list.isPlaceholderData} className="pb-2 pt-2">
        {list.error && (
          <CardBody>
            <FailureCallout title="The reservations could not be loaded." error={list.error} />
          </CardBody>
        )}
        {reservations === undefined && !list.error && (
          <CardBody>
            <Skeleton className="h-32" />
          </CardBody>
        )}
        {reservations?.length === 0 && (
          <p className="px-5 py-6 text-center text-secondary">No reservation is like that.</p>
        )}
        {reservations !== undefined && reservations.length > 0 && <ReservationTable reservations={reservations} />}
        {list.hasNextPage && (
          <CardBody>
            <Button size="sm" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {list.isFetchingNextPage ? 'Loading' : 'Show more'}
            </Button>
          </CardBody>
        )}
      </div>
    </Card>
  )
}

const choiceWords = (choice: StateChoice): string => {
  if (choice === 'live') return 'Planned and active'
  return choice === 'every' ? 'Every state' : reservationLooks[choice].word
}

function ListFilters({ query, onChange }: { readonly query: ReservationQuery } & Pick<ToolbarProps, 'onChange'>) {
  return (
    <>
      <label className="flex items-center gap-2 text-xs text-secondary">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={query.within}
          onChange={({ target }) => onChange({ within: target.checked })}
        />
        Only of the time above
      </label>
      <Select
        aria-label="State"
        className="w-48"
        value={query.state}
        options={stateChoices.map((value) => ({ value, label: choiceWords(value) }))}
        onChange={({ target }) => onChange({ state: stateChoices.find((one) => one === target.value) ?? 'live' })}
      />
    </>
  )
}
