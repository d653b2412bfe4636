'use client'

import { type MachineQuery, type QueryEntry, readMachineQuery } from '@berth/core'
import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'
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
  const address = useSearchParams().toString()
  // The address follows a moment after a click, which a box that was ticked does not wait for.
  const [shown, setShown] = useState({ address, query: address })
  if (shown.address !== address) setShown({ address, query: address })
  const { query: text } = shown
  const read = useMemo(() => readMachineQuery([...new URLSearchParams(text)]), [text])
  const setQuery = useCallback(
    (query: MachineQuery) => {
      const next = writeQuery(query)
      setShown({ address, query: next })
      window.history.replaceState(null, '', paths.machines(next))
    },
    [address],
  )
  return { ...read, setQuery }
}
