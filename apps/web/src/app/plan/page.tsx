import type { GgufHeader } from '@berth/core'
import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { findCatalogueHeader } from '../../features/model/catalogue.ts'
import { catalogueChoice, storedChoice } from '../../features/plan/choices.ts'
import { planParsers, type PlanInputs } from '../../features/plan/plan-inputs.ts'
import { Planner } from '../../features/plan/planner.tsx'
import { Page } from '../../features/shell/page.tsx'
import { api, load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Plan' }

const readInputs = createLoader(planParsers)

export default async function PlanPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const inputs = await readInputs(searchParams)
  const [machines, stored, catalogue, header] = await load(
    Promise.all([
      api.machines.list.query({ limit: 1000 }),
      api.models.list.query({ limit: 1000 }),
      api.catalogue.models.query(),
      headerOf(inputs),
    ]),
  )
  const choices = [...stored.items.map(storedChoice), ...catalogue.items.map(catalogueChoice)]
  const first = inputs.model && header ? { model: inputs.model, mix: inputs.mix, header } : undefined
  return (
    <Page wide title="Plan" description="Choose a model and how it will be used; every machine answers.">
      <Planner machines={machines.items} choices={choices} first={first} />
    </Page>
  )
}

async function headerOf({ model, mix }: PlanInputs): Promise<GgufHeader | undefined> {
  if (!model) return undefined
  return mix === null ? (await api.models.get.query({ id: model })).header : findCatalogueHeader(model, mix)
}
