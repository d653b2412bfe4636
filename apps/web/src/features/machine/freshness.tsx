'use client'

import { explainFreshness, freshnessOf } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { Callout } from '@berth/ui/callout'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { MachineView } from '../../trpc/types.ts'
import { useNow, When } from '../shell/when.tsx'

type ReadMachine = Pick<MachineView, 'devices' | 'hostMemoryUsed' | 'readAt' | 'reportSeconds' | 'stale'>

/** Why its figures are out of date by the reader's clock; what the server said until that runs. */
function stalenessOf(machine: ReadMachine, nowMs: number | undefined): string | undefined {
  if (nowMs === undefined) return machine.stale ?? undefined
  const readAtMs = machine.readAt === null ? null : Date.parse(machine.readAt)
  const freshness = freshnessOf({ ...machine, readAtMs }, nowMs)
  return freshness.kind === 'stale' ? explainFreshness(freshness) : undefined
}

/** When its tools were last read. */
export const ReadWhen = ({ machine }: { readonly machine: Pick<ReadMachine, 'readAt'> }) =>
  machine.readAt === null ? (
    <span className="text-tertiary" data-tip="No tool on it was ever read.">
      never
    </span>
  ) : (
    <When time={machine.readAt} />
  )

/** In a row of a list. */
export function StaleBadge({ machine }: { readonly machine: ReadMachine }) {
  const reason = stalenessOf(machine, useNow())
  if (reason === undefined) return null
  return (
    <Badge tone="tight" data-tip={reason}>
      stale
    </Badge>
  )
}

/** On the page of a machine, or of what stands on it. */
export function StaleCallout({ machine }: { readonly machine: ReadMachine }) {
  const reason = stalenessOf(machine, useNow())
  if (reason === undefined) return null
  return (
    <Callout tone="warning" title="What is known of it is out of date">
      <p>{reason}</p>
    </Callout>
  )
}

/** Which of the machines that are planned on are planned on with old figures. */
export function StaleMachines({ machines }: { readonly machines: readonly MachineView[] }) {
  const now = useNow()
  const stale = machines.filter((machine) => stalenessOf(machine, now) !== undefined)
  if (stale.length === 0) return null
  return (
    <p className="text-xs text-secondary">
      Planned on with figures that are out of date:{' '}
      {stale.map((machine, at) => (
        <span key={machine.id}>
          {at > 0 && ', '}
          <Link href={paths.machine(machine.id)} className="rounded-sm text-accent underline">
            {machine.name}
          </Link>{' '}
          <StaleBadge machine={machine} />
        </span>
      ))}
    </p>
  )
}
