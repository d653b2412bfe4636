'use client'

import { Button } from '@berth/ui/button'
import Link from 'next/link'
import type { MachineView } from '../../trpc/types.ts'
import { plannerPathFor } from '../plan/planner-path.ts'
import { BulkEdit } from './bulk-edit.tsx'
import { ExportLinks } from './export-links.tsx'
import { RemoveMany } from './remove-many.tsx'

/** An address of more ids is longer than servers take. */
const MOST_IN_ADDRESS = 150

export interface BulkBarProps {
  readonly selected: readonly MachineView[]
  readonly onDone: () => void
}

/** What can be done with what is ticked; at the lower edge, where it covers no row that is looked at. */
export function BulkBar({ selected, onDone }: BulkBarProps) {
  const many = selected.length > MOST_IN_ADDRESS
  const tooMany = `${MOST_IN_ADDRESS} machines at most: filter the list for more.`
  const ids = selected.map(({ id }) => id)
  return (
    <section
      aria-label="Selected machines"
      className="sticky bottom-3 z-20 flex flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-surface p-2.5 shadow-xl"
    >
      <p className="px-1.5 text-sm font-medium tabular-nums">{selected.length} selected</p>
      <BulkEdit machines={selected} onDone={onDone} />
      {many ? (
        <Button size="sm" disabledReason={tooMany}>
          Plan on these
        </Button>
      ) : (
        <Button asChild size="sm">
          <Link href={plannerPathFor({ machines: ids.join(',') })} prefetch={false}>
            Plan on these
          </Link>
        </Button>
      )}
      {many ? (
        <Button size="sm" disabledReason={tooMany}>
          Export
        </Button>
      ) : (
        <ExportLinks size="sm" query={new URLSearchParams(ids.map((id) => ['id', id])).toString()} />
      )}
      <RemoveMany ids={ids} onDone={onDone} />
      <Button size="sm" variant="ghost" className="ml-auto" onClick={onDone}>
        Clear selection
      </Button>
    </section>
  )
}
