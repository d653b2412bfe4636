'use client'

import { type MachineQuery, type QueryEntry, readMachineQuery } from '@berth/core'
import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { paths } from '../../paths.ts'
import { writeQuery } from './list-query.ts'

export interface ListQuery {
  readonly query: MachineQuery
  /** What the address names and this version does not know. */
  readonly ignored: readonly QueryEntry[]
  readonly setQuery: (query: MachineQuery) => void
}

/** The list as its address says it; a change is a change of the address, and asks nothing of the server. */
export function useListQuery(): ListQuery {
  const text = useSearchParams().toString()
  const read = useMemo(() => readMachineQuery([...new URLSearchParams(text)]), [text])
  const setQuery = useCallback((query: MachineQuery) => {
    window.history.replaceState(null, '', paths.machines(writeQuery(query)))
  }, [])
  return { ...read, setQuery }
}
