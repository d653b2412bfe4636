import { MIB } from '@berth/core'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { createLoader, type SearchParams } from 'nuqs/server'
import { findCatalogueHeader } from '../../features/model/catalogue.ts'
import { catalogueChoice, storedChoice } from '../../features/plan/choices.ts'
import { planParsers, type PlanInputs } from '../../features/plan/plan-inputs.ts'
import type { PlannedHeader } from '../../features/plan/planned-header.ts'
import { AmongMachines } from '../../features/plan/among-machines.tsx'
import { chosenMachines } from '../../features/plan/chosen-machines.ts'
import { StaleMachines } from '../../features/machine/freshness.tsx'
import { InMaintenance } from '../../features/plan/in-maintenance.tsx'
import { plannerPathFor } from '../../features/plan/planner-path.ts'
import { Planner } from '../../features/plan/planner.tsx'
import { Page } from '../../features/shell/page.tsx'
import { type Api, load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Plan' }

const BEFORE_A_CHOICE: ReadonlySet<string> = new Set(['model', 'mix', 'machine', 'machines', 'among'])

const readInputs = createLoader(planParsers)

export default async function PlanPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const [inputs, given] = [await readInputs(searchParams), await searchParams]
  const [team, machines, stored, catalogue, header] = await load((api) =>
    Promise.all([
      api.team.get.query(),
      api.machines.list.query({ limit: 1000 }),
      api.models.list.query({ limit: 1000 }),
      api.catalogue.models.query(),
      headerOf(api, inputs),
    ]),
  )
  // The team's margin is where a plan starts; an address that says more than the model is somebody's own choice.
  const margin = team.marginBytes === null ? undefined : Math.round(team.marginBytes / MIB)
  if (
    margin !== undefined &&
    margin !== inputs.margin &&
    Object.keys(given).every((name) => BEFORE_A_CHOICE.has(name))
  ) {
    redirect(plannerPathFor({ ...inputs, margin }))
  }
  const named = machines.items.find(({ id, maintenance }) => maintenance && id === inputs.machine)
  const chosen = chosenMachines(machines.items, inputs)
  const planned = chosen.filter((machine) => !machine.maintenance || machine === named)
  const resting = chosen.filter((machine) => machine.maintenance && machine !== named)
  const choices = [...stored.items.map(storedChoice), ...catalogue.items.map(catalogueChoice)]
  const first = inputs.model && header ? { model: inputs.model, mix: inputs.mix, header } : undefined
  return (
    <Page wide title="Plan" description="Choose a model and how it will be used; every machine answers.">
      {chosen.length < machines.items.length && (
        <AmongMachines count={chosen.length} of={machines.items.length} inputs={inputs} />
      )}
      <InMaintenance machines={resting} named={named} />
      <StaleMachines machines={planned} />
      <Planner machines={planned} choices={choices} first={first} />
    </Page>
  )
}

/** A model that is gone is no reason for a page without a planner: the browser asks once more and says so beside it. */
async function headerOf(api: Api, { model, mix }: PlanInputs): Promise<PlannedHeader | undefined> {
  if (!model) return undefined
  if (mix !== null) return findCatalogueHeader(model, mix)
  return api.models.get.query({ id: model }).then(
    ({ header, exl2 }) => header ?? exl2,
    () => undefined,
  )
}
