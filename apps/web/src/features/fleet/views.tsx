'use client'

import { type MachineQuery, writeMachineQuery } from '@berth/core'
import { cn } from '@berth/ui/cn'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { SavedView } from '../../trpc/types.ts'
import { EditView } from './edit-view.tsx'
import { isSameQuery } from './list-query.ts'
import { SaveView } from './save-view.tsx'

/** Saved views, one click each; the one that is shown can be renamed and removed. */
export function Views({ views, query }: { readonly views: readonly SavedView[]; readonly query: MachineQuery }) {
  const entries = writeMachineQuery(query)
  const isShown = (view: Pick<SavedView, 'query'>) => isSameQuery([...new URLSearchParams(view.query)], entries)
  const shown = views.find(isShown)
  const known = [{ id: '', name: 'All machines', query: '' }, ...views]
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1.5">
      <nav aria-label="Saved views" className="flex min-w-0 flex-wrap gap-1">
        {known.map((view) => (
          <Link
            key={view.id}
            href={paths.machines(view.query)}
            prefetch={false}
            scroll={false}
            {...(isShown(view) && { 'aria-current': 'page' as const })}
            className={cn(
              'max-w-64 truncate rounded-md px-2.5 py-1 text-xs font-medium',
              isShown(view)
                ? 'bg-hover text-ink ring-1 ring-inset ring-line'
                : 'text-secondary hover:bg-hover hover:text-ink',
            )}
          >
            {view.name}
          </Link>
        ))}
      </nav>
      {shown && <EditView key={shown.id} view={shown} />}
      {!shown && entries.length > 0 && <SaveView views={views} query={query} />}
    </div>
  )
}
