import { MIB } from '@berth/core'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { createLoader, type SearchParams } from 'nuqs/server'
import { FleetMatrix } from '../../features/matrix/fleet-matrix.tsx'
import { matrixParsers, writeMatrixInputs } from '../../features/matrix/matrix-inputs.ts'
import { catalogueChoice, storedChoice } from '../../features/plan/choices.ts'
import { NoMachines } from '../../features/plan/planner-empty.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Fleet matrix' }

const readInputs = createLoader(matrixParsers)

export default async function FleetPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const [inputs, given] = [await readInputs(searchParams), await searchParams]
  const [team, machines, stored, catalogue] = await load((api) =>
    Promise.all([
      api.team.get.query(),
      api.machines.list.query({ limit: 1 }),
      api.models.list.query({ limit: 1000 }),
      api.catalogue.models.query(),
    ]),
  )
  // The team's margin is where a question starts; an address that says anything is somebody's own choice.
  const margin = team.marginBytes === null ? inputs.margin : Math.round(team.marginBytes / MIB)
  if (margin !== inputs.margin && Object.keys(given).length === 0) {
    redirect(paths.fleet(writeMatrixInputs({ ...inputs, margin })))
  }
  const files = stored.items.filter(({ format }) => format === 'gguf')
  return (
    <Page wide title="Fleet matrix" description="Which machines can host which models, and with how much to spare.">
      {machines.items.length === 0 ? (
        <NoMachines />
      ) : (
        <FleetMatrix
          choices={[...files.map(storedChoice), ...catalogue.items.map(catalogueChoice)]}
          folders={stored.items.length - files.length}
        />
      )}
    </Page>
  )
}
