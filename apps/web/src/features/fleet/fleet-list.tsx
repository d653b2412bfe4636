'use client'

import { facetCounts, filterMachines, isEmptyFilter, type MachineFilter, sortMachines } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Card } from '@berth/ui/card'
import { useMemo, useState } from 'react'
import type { MachineView, SavedView } from '../../trpc/types.ts'
import { BulkBar } from './bulk-bar.tsx'
import { FacetPanel } from './facet-panel.tsx'
import { FacetSheet } from './facet-sheet.tsx'
import { FilterChips } from './filter-chips.tsx'
import { FleetTable } from './fleet-table.tsx'
import { ListBar } from './list-bar.tsx'
import { Count, Ignored, NoMatch } from './list-parts.tsx'
import { BY_NAME, defaultColumns, withSort } from './list-query.ts'
import { SelectAllBanner } from './select-all-banner.tsx'
import { useListQuery } from './use-list-query.ts'
import { useSelection } from './use-selection.ts'
import { Views } from './views.tsx'

/** From this many on a search is quicker than looking. */
const FILTERS_FROM = 6
/** Rows that are drawn at first, and that each wish for more adds. */
const PAGE = 100

export interface FleetListProps {
  readonly machines: readonly MachineView[]
  /** There are machines beyond those that one page of the API holds. */
  readonly more: boolean
  readonly views: readonly SavedView[]
}

/** Every machine, narrowed, sorted and shown as the address says. */
export function FleetList({ machines, more, views }: FleetListProps) {
  const { query, ignored, setQuery } = useListQuery()
  const { filter, sort = BY_NAME } = query
  const found = useMemo(() => sortMachines(filterMachines(machines, filter), sort), [machines, filter, sort])
  const counts = useMemo(() => facetCounts(machines, filter), [machines, filter])
  const [pages, setPages] = useState({ of: found, count: 1 })
  const rows = found.slice(0, PAGE * (pages.of === found ? pages.count : 1))
  const selection = useSelection(rows)
  const selected = found.filter(({ id }) => selection.ids.has(id))
  const columns = query.columns ?? defaultColumns(machines)
  const setFilter = (next: MachineFilter) => setQuery({ ...query, filter: next })
  const narrowing = machines.length >= FILTERS_FROM || !isEmptyFilter(filter)
  const panel = <FacetPanel counts={counts} filter={filter} onChange={setFilter} />
  return (
    <div className={narrowing ? 'grid gap-5 lg:grid-cols-[14rem_minmax(0,1fr)]' : 'grid gap-5'}>
      {narrowing && (
        <aside aria-label="Filters" className="hidden lg:block">
          <div className="sticky top-5 max-h-[calc(100dvh-2.5rem)] overflow-y-auto pr-1 pb-4 pl-1">{panel}</div>
        </aside>
      )}
      <div className="grid min-w-0 content-start gap-3">
        {(narrowing || views.length > 0) && <Views views={views} query={query} />}
        {ignored.length > 0 && <Ignored names={ignored.map(([name, value]) => `${name}=${value}`)} />}
        {narrowing && (
          <ListBar query={query} columns={columns} onChange={setQuery}>
            <FacetSheet filter={filter} count={found.length}>
              {panel}
            </FacetSheet>
          </ListBar>
        )}
        <FilterChips filter={filter} onChange={setFilter} />
        <Count found={found.length} of={machines.length} more={more} filter={filter} />
        <Card>
          {found.length > 0 ? (
            <>
              <SelectAllBanner rows={rows} found={found} selection={selection} />
              <FleetTable
                machines={rows}
                columns={columns}
                compact={query.density === 'compact'}
                sort={sort}
                selection={selection.ids}
                onSort={(next) => setQuery(withSort(query, next))}
                onTick={selection.tick}
                onTickAll={selection.tickRows}
              />
            </>
          ) : (
            <NoMatch onClear={() => setQuery({ ...query, filter: {} })} />
          )}
        </Card>
        {rows.length < found.length && (
          <Button
            className="justify-self-center"
            onClick={() => setPages({ of: found, count: rows.length / PAGE + 1 })}
          >
            Show {Math.min(PAGE, found.length - rows.length)} more of {found.length}
          </Button>
        )}
        {selected.length > 0 && <BulkBar selected={selected} onDone={selection.clear} />}
      </div>
    </div>
  )
}
