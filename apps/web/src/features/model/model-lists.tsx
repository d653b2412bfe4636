'use client'

import { EmptyState } from '@berth/ui/empty-state'
import { Input } from '@berth/ui/input'
import { Button } from '@berth/ui/button'
import { Box } from 'lucide-react'
import Link from 'next/link'
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs'
import { paths } from '../../paths.ts'
import type { ModelView } from '../../trpc/types.ts'
import type { CatalogueEntry } from './catalogue-entry.ts'
import { CatalogueTable, StoredTable } from './model-table.tsx'

/** Of a long catalogue the first are shown, and the rest on request; a search looks through all. */
const FIRST_SHOWN = 24

/** The stored models, then the catalogue; one search for both. */
export function ModelLists({
  stored,
  catalogue,
}: {
  readonly stored: readonly ModelView[]
  readonly catalogue: readonly CatalogueEntry[]
}) {
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault('').withOptions({ history: 'replace' }))
  const [all, setAll] = useQueryState('all', parseAsBoolean.withDefault(false).withOptions({ history: 'replace' }))
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  const foundStored = stored.filter(({ name, architecture, fileName }) => fits(`${name} ${architecture} ${fileName}`))
  const foundCatalogue = catalogue.filter(({ name, family, publisher }) => fits(`${name} ${family} ${publisher}`))
  const shown = all || search ? foundCatalogue : foundCatalogue.slice(0, FIRST_SHOWN)
  return (
    <div className="grid gap-6">
      <Input
        type="search"
        aria-label="Search models"
        placeholder="Name, family, architecture"
        className="sm:max-w-80"
        value={search}
        onChange={(event) => void setSearch(event.target.value || null)}
      />
      <section aria-labelledby="stored" className="grid gap-2">
        <Heading id="stored" title="Stored" found={foundStored.length} of={stored.length} />
        {stored.length === 0 ? (
          <NoStored />
        ) : foundStored.length > 0 ? (
          <StoredTable models={foundStored} />
        ) : (
          <p className="text-secondary">None matches “{search}”.</p>
        )}
      </section>
      <section aria-labelledby="catalogue" className="grid gap-2">
        <Heading id="catalogue" title="Catalogue" found={foundCatalogue.length} of={catalogue.length} />
        {foundCatalogue.length > 0 ? (
          <CatalogueTable models={shown} />
        ) : (
          <p className="text-secondary">None matches “{search}”.</p>
        )}
        {shown.length < foundCatalogue.length && (
          <Button className="justify-self-center" onClick={() => void setAll(true)}>
            Show all {foundCatalogue.length}
          </Button>
        )}
      </section>
    </div>
  )
}

function Heading({
  id,
  title,
  found,
  of,
}: {
  readonly id: string
  readonly title: string
  readonly found: number
  readonly of: number
}) {
  return (
    <div className="flex items-baseline gap-2">
      <h2 id={id} className="text-sm font-semibold">
        {title}
      </h2>
      <p className="text-xs text-secondary tabular-nums">{found === of ? of : `${found} of ${of}`}</p>
    </div>
  )
}

function NoStored() {
  return (
    <EmptyState
      icon={<Box />}
      title="No model of your own yet"
      actions={
        <Button asChild variant="primary">
          <Link href={paths.modelsImport()}>Import a model</Link>
        </Button>
      }
    >
      <p>
        Give an address as <code className="font-mono text-xs">org/repo:Q4_K_M</code>, or drop a .gguf file: only its
        header is read. The catalogue below can be planned at once.
      </p>
    </EmptyState>
  )
}
