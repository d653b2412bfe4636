import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { SearchX } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { createLoader, type SearchParams } from 'nuqs/server'
import { GpuFilters } from '../../features/catalogue/gpu-filters.tsx'
import { gpuParsers, gpuQueryOf, PAGE, writeGpuInputs } from '../../features/catalogue/gpu-search.ts'
import { GpuTable } from '../../features/catalogue/gpu-table.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Catalogue' }

const readInputs = createLoader(gpuParsers)

export default async function CataloguePage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const inputs = await readInputs(searchParams)
  const { items, nextCursor } = await load((api) => api.catalogue.gpus.query(gpuQueryOf(inputs)))
  return (
    <Page
      wide
      title="Catalogue"
      description="GPUs and their figures, each with where they come from: plan on a machine before it is bought or read."
    >
      <GpuFilters />
      {items.length > 0 ? (
        <GpuTable gpus={items} />
      ) : (
        <EmptyState
          icon={<SearchX />}
          title="No GPU matches"
          actions={
            <Button asChild>
              <Link href={paths.catalogue()}>Show all</Link>
            </Button>
          }
        >
          <p>A machine with any GPU can be added by pasting what its tools print.</p>
        </EmptyState>
      )}
      {nextCursor !== null && (
        <Button asChild className="justify-self-center">
          <Link href={paths.catalogue(writeGpuInputs({ ...inputs, show: items.length + PAGE }))} scroll={false}>
            Show more
          </Link>
        </Button>
      )}
    </Page>
  )
}
