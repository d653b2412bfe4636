'use client'

import { type Bytes, groupThousands } from '@berth/core'
import { Button } from '@berth/ui/button'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Callout } from '@berth/ui/callout'
import { Card, CardHeader } from '@berth/ui/card'
import { EmptyState } from '@berth/ui/empty-state'
import { Skeleton } from '@berth/ui/skeleton'
import { VerdictBadge, type VerdictKind } from '@berth/ui/verdict-badge'
import { Gauge, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { HostsResult } from '../../trpc/types.ts'
import type { Asked } from './use-in-parts.ts'

/** An answer as far as it has come, with how to end it and to ask again. */
export function Answer<Result>({
  title,
  noun,
  asked: { asking, cancel, again },
  missing,
  children,
}: {
  readonly title: string
  /** What is counted while it works: "machines". */
  readonly noun: string
  readonly asked: Asked<Result>
  /** What has to be said first. */
  readonly missing: ReactNode
  readonly children: (results: readonly Result[]) => ReactNode
}) {
  if (asking.state === 'idle')
    return (
      <EmptyState icon={<Gauge />} title="Nothing is asked yet">
        {missing}
      </EmptyState>
    )
  const { results, done, of } = asking
  const progress = of > 0 ? `${groupThousands(done)} of ${groupThousands(of)} ${noun}` : `Asking the ${noun}`
  return (
    <Card aria-label={title} aria-busy={asking.state === 'working'}>
      <CardHeader
        title={title}
        description={<span role="status">{asking.state === 'done' ? `${groupThousands(of)} ${noun}` : progress}</span>}
        actions={
          asking.state === 'working' ? (
            <>
              <LoaderCircle aria-hidden className="size-4 text-tertiary motion-safe:animate-spin" />
              <Button size="sm" onClick={cancel}>
                Cancel
              </Button>
            </>
          ) : undefined
        }
      />
      <div className="mt-3 grid gap-3 border-t border-line">
        {asking.state === 'failed' && (
          <div className="grid gap-2 px-4 pt-3 sm:px-5">
            <FailureCallout title="It could not be answered." error={asking.error} />
            <Button size="sm" className="justify-self-start" onClick={again}>
              Ask again
            </Button>
          </div>
        )}
        {asking.state === 'cancelled' && (
          <div className="px-4 pt-3 sm:px-5">
            <Callout
              tone="info"
              title={`Cancelled after ${progress}.`}
              actions={
                <Button size="sm" onClick={again}>
                  Ask again
                </Button>
              }
            />
          </div>
        )}
        {results.length > 0 && children(results)}
        {results.length === 0 && asking.state === 'working' && <Rows />}
        {results.length === 0 && asking.state === 'done' && (
          <p className="px-4 py-6 text-center text-sm text-secondary sm:px-5">There is nothing to answer for.</p>
        )}
      </div>
    </Card>
  )
}

const Rows = () => (
  <div className="grid gap-2 px-4 py-3 sm:px-5">
    {Array.from({ length: 3 }, (_, row) => (
      <Skeleton key={row} className="h-9" />
    ))}
  </div>
)

const kinds = { gpus: 'fits', host: 'host', nowhere: 'no' } as const satisfies Record<string, VerdictKind>

export const StandingBadge = ({ on }: { readonly on: keyof typeof kinds }) => <VerdictBadge kind={kinds[on]} />

export const nothing = <span className="text-tertiary">none</span>

/** "3.10 GiB to spare", "lacks at least 2.00 GiB". */
export function Room({ standing: { on, headroom, lacks } }: { readonly standing: HostsResult['standing'] }) {
  if (headroom !== undefined) return <SparedOn {...{ on, headroom }} />
  return lacks === undefined ? (
    <span className="text-tertiary">refused</span>
  ) : (
    <span className="text-bad">
      lacks at least <ByteFigure bytes={lacks} focusable={false} />
    </span>
  )
}

function SparedOn({ on, headroom }: { readonly on: HostsResult['standing']['on']; readonly headroom: Bytes }) {
  return (
    <span data-tip={on === 'host' ? 'On the fullest GPU; the rest lies in host memory.' : 'On the fullest GPU.'}>
      <ByteFigure bytes={headroom} focusable={false} /> to spare
    </span>
  )
}

/** The largest context of a user on GPUs alone. */
export function Context({ standing: { context } }: Pick<HostsResult, 'standing'>) {
  if (!context) return nothing
  return (
    <span className="tabular-nums" data-tip={context.isTrained ? 'The model was trained for no more.' : undefined}>
      {groupThousands(context.perSlot)}
      {context.isTrained && <span className="text-tertiary"> (all it knows)</span>}
    </span>
  )
}
