import { requestDefaults } from '@berth/core'
import type { Metadata } from 'next'
import { Capacity } from '../../features/capacity/capacity.tsx'
import { StaleMachines } from '../../features/machine/freshness.tsx'
import { catalogueChoice, storedChoice } from '../../features/plan/choices.ts'
import { Page } from '../../features/shell/page.tsx'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Capacity' }

/** As many as a list gives at once. */
const ALL = { limit: 1000 } as const

export default async function CapacityPage() {
  const [team, machines, stored, catalogue, gpus] = await load((api) =>
    Promise.all([
      api.team.get.query(),
      api.machines.list.query(ALL),
      api.models.list.query(ALL),
      api.catalogue.models.query(),
      api.catalogue.gpus.query(ALL),
    ]),
  )
  const planned = machines.items.filter(({ maintenance }) => maintenance === null)
  const lab = {
    machines: planned,
    choices: [...stored.items.map(storedChoice), ...catalogue.items.map(catalogueChoice)],
    gpus: gpus.items,
    margin: team.marginBytes ?? requestDefaults.margin,
  }
  return (
    <Page wide title="Capacity" description="What the lab can host now, and what a change of it would allow.">
      <StaleMachines machines={planned} />
      <Capacity lab={lab} />
    </Page>
  )
}
