import { isEmptyFilter, type MachineFilter } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import Link from 'next/link'
import { plannerPathFor } from '../plan/planner-path.ts'
import { writeFilter } from './list-query.ts'

/** How many there are, and the way from what is listed to a plan on it. */
export function Count({
  found,
  of,
  more,
  filter,
}: {
  readonly found: number
  readonly of: number
  readonly more: boolean
  readonly filter: MachineFilter
}) {
  const all = isEmptyFilter(filter)
  return (
    <p role="status" className="flex flex-wrap gap-x-3 text-xs text-secondary">
      <span className="tabular-nums">
        {all ? `${of} machines` : `${found} of ${of} machines`}
        {more && ', the first of more than fit here'}
      </span>
      {!all && found > 0 && (
        <Link
          href={plannerPathFor({ among: writeFilter(filter) })}
          prefetch={false}
          className="rounded-sm text-accent hover:underline"
        >
          Plan on these
        </Link>
      )}
    </p>
  )
}

export function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <div className="grid justify-items-center gap-3 p-8 text-center text-secondary">
      <p>No machine is all of this.</p>
      <Button onClick={onClear}>Clear search and filters</Button>
    </div>
  )
}

/** An address of another version: what it asks for and is not known here. */
export function Ignored({ names }: { readonly names: readonly string[] }) {
  return (
    <Callout tone="warning" title="A part of this view is not known here and was left out.">
      <p>{names.join(', ')}</p>
    </Callout>
  )
}
