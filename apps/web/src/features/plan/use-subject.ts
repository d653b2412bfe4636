'use client'

import { isMix } from '@berth/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Subject } from './judge-messages.ts'
import type { ModelChoice } from './model-choice.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { isFolder, type PlannedHeader } from './planned-header.ts'
import { fetchCatalogueHeader, useModelHeader } from './use-model-header.ts'

/** Of this one all mixes of a catalogue model are made. */
const BASE = 'F16'

/**
 * What the judges are told of the model: its header, that of the model room is left for, and the mixes it could be had in.
 * Undefined until all of it is there: each judge would otherwise begin anew with every part that arrives.
 */
export function useSubject(
  header: PlannedHeader | undefined,
  chosen: ModelChoice | undefined,
  { prefer, other, otherMix }: PlanInputs,
): Subject | undefined {
  const wanted = prefer === 'room-for-another' ? other : null
  const beside = useModelHeader({ model: wanted, mix: otherMix }, undefined)
  const id = chosen?.kind === 'catalogue' && chosen.mixes.includes(BASE) ? chosen.id : undefined
  const base = useQuery({
    queryKey: ['catalogue-header', id, BASE],
    queryFn: id === undefined ? skipToken : ({ signal }) => fetchCatalogueHeader(id, BASE, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const names = chosen?.mixes
  const waiting = base.isLoading || beside.pending
  return useMemo(() => {
    if (!header || waiting) return undefined
    return {
      header,
      ...(wanted && beside.header && !isFolder(beside.header) && { other: beside.header }),
      ...(base.data && names && { mixes: { base: base.data, names: names.filter(isMix) } }),
    }
  }, [header, waiting, wanted, beside.header, base.data, names])
}
