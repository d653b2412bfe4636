import type { Metadata } from 'next'
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server'
import { AddMachine } from '../../../features/machine/add-machine.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'
import { load } from '../../../trpc/server.ts'
import type { CatalogueGpuView } from '../../../trpc/types.ts'

export const metadata: Metadata = { title: 'Add a machine' }

const readInputs = createLoader({ gpu: parseAsString })

export default async function ImportMachinePage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const { gpu } = await readInputs(searchParams)
  return (
    <Page title="Add a machine" crumbs={[{ label: 'Machines', href: paths.machines() }]}>
      <AddMachine gpu={gpu === null ? undefined : await gpuOf(gpu)} />
    </Page>
  )
}

/** The entry of an id; an id that the catalogue lacks is no reason for a page without a form. */
async function gpuOf(id: string): Promise<CatalogueGpuView | undefined> {
  if (!/^[\w-]{1,64}$/.test(id)) return undefined
  const { items } = await load((api) => api.catalogue.gpus.query({ text: id, limit: 10 }))
  return items.find((gpu) => gpu.id === id)
}
