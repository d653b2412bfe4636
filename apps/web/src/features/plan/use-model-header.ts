'use client'

import type { GgufHeader } from '@berth/core'
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { Refusal } from '../../trpc/failure.ts'
import type { PlanInputs } from './plan-inputs.ts'
import type { PlannedHeader } from './planned-header.ts'
import type { PlannerProps } from './planner.tsx'

export interface LoadedHeader {
  readonly header: PlannedHeader | undefined
  readonly error: unknown
  /** Another model's header is on its way; the one before stays up. */
  readonly pending: boolean
}

/** The header of the chosen model, from the store or the catalogue. It never changes, so it is fetched once. */
export function useModelHeader(
  { model, mix }: Pick<PlanInputs, 'model' | 'mix'>,
  first: PlannerProps['first'],
): LoadedHeader {
  const trpc = useTRPC()
  const known = first && first.model === model && first.mix === mix ? first.header : undefined
  const stored = useQuery({
    ...trpc.models.get.queryOptions(model && mix === null && !known ? { id: model } : skipToken),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
  const catalogue = useQuery({
    queryKey: ['catalogue-header', model, mix],
    queryFn: model && mix !== null && !known ? ({ signal }) => fetchCatalogueHeader(model, mix, signal) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
  if (known || !model) return { header: known, error: undefined, pending: false }
  const asked = mix === null ? stored : catalogue
  const header = mix === null ? (stored.data?.header ?? stored.data?.exl2) : catalogue.data
  return { header: header ?? first?.header, error: asked.error, pending: asked.isFetching }
}

export async function fetchCatalogueHeader(id: string, mix: string, signal: AbortSignal): Promise<GgufHeader> {
  const response = await fetch(paths.catalogueHeader(id, mix), { signal })
  if (!response.ok) throw new Refusal(`The catalogue has no ${id} in ${mix}.`)
  return (await response.json()) as GgufHeader
}
