'use client'

import type { MachineFilter } from '@berth/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../trpc/client.tsx'
import { FacetPanel } from '../fleet/facet-panel.tsx'
import { FacetSheet } from '../fleet/facet-sheet.tsx'
import { filterInput, without } from '../fleet/list-query.ts'
import { SearchBox } from '../fleet/search-box.tsx'

/** Which machines are columns: by the same words and facets as the list of machines. */
export function MachineFilters({
  filter,
  onChange,
}: {
  readonly filter: MachineFilter
  readonly onChange: (filter: MachineFilter) => void
}) {
  const trpc = useTRPC()
  const { data } = useQuery(
    trpc.machines.facets.queryOptions(filterInput(filter), { placeholderData: keepPreviousData }),
  )
  return (
    <>
      <div className="min-w-44 flex-1 sm:max-w-72">
        <SearchBox
          text={filter.text ?? ''}
          onChange={(text) => onChange(text.trim() === '' ? without(filter, 'text') : { ...filter, text })}
        />
      </div>
      {data && (
        <FacetSheet always filter={filter} count={data.matching}>
          <FacetPanel counts={data} filter={filter} onChange={onChange} />
        </FacetSheet>
      )}
    </>
  )
}
