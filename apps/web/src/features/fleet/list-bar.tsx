'use client'

import { machineSorts, readSort, writeSort } from '@berth/core'
import { Select } from '@berth/ui/select'
import type { ReactNode } from 'react'
import { ExportLinks } from './export-links.tsx'
import { BY_NAME, without, withSort, writeFilter } from './list-query.ts'
import { ListSettings, type ListSettingsProps } from './list-settings.tsx'
import { SearchBox } from './search-box.tsx'
import { sortWords } from './words.ts'

const sortOptions = machineSorts.flatMap((by) => {
  const { first, asc, desc } = sortWords[by]
  const options = [
    { value: writeSort({ by, descending: false }), label: asc },
    { value: writeSort({ by, descending: true }), label: desc },
  ]
  return first === 'asc' ? options : options.toReversed()
})

export interface ListBarProps extends ListSettingsProps {
  /** The filters, where they have no column of their own. */
  readonly children: ReactNode
}

export function ListBar({ query, columns, onChange, children }: ListBarProps) {
  const { filter, sort = BY_NAME } = query
  const search = (text: string) =>
    onChange({ ...query, filter: text.trim() === '' ? without(filter, 'text') : { ...filter, text } })
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="min-w-52 flex-1 sm:max-w-96">
        <SearchBox text={filter.text ?? ''} onChange={search} />
      </div>
      {children}
      <Select
        aria-label="Sort"
        className="min-w-40 flex-1 sm:max-w-56"
        value={writeSort(sort)}
        options={sortOptions}
        onChange={({ target }) => onChange(withSort(query, readSort(target.value) ?? BY_NAME))}
      />
      <ListSettings query={query} columns={columns} onChange={onChange} />
      <ExportLinks query={writeFilter(filter)} />
    </search>
  )
}
