import { type Bytes, formatBytes, type ReservationState } from '@berth/core'
import { ArrowRight } from 'lucide-react'
import type { ElementType } from 'react'
import { cn } from './cn.ts'
import type { Lasting, PlacedBar } from './geometry/timeline.ts'
import { percent } from './geometry/segments.ts'
import { reservationLooks } from './reservation-state.tsx'
import { windowWords } from './time-words.ts'

/** What one reservation holds of one place. */
export interface TimelineBar extends Lasting {
  /** Its own in the place: what came back after a move has two bars. */
  readonly key: string
  readonly purpose: string
  readonly owner: string
  readonly state: ReservationState
  readonly bytes: Bytes
  readonly href: string
  /** The one that the page is about. */
  readonly current?: boolean
}

/** Height of a lane, with the gap above the next. */
export const LANE_HEIGHT = 26
const BAR_HEIGHT = 22

/** A fill, an edge and marks a state: no two differ by colour alone. */
export const barClasses = {
  planned:
    'border-dashed border-reserved bg-[repeating-linear-gradient(135deg,transparent_0_6px,color-mix(in_srgb,var(--reserved)_30%,transparent)_6px_8px)]',
  active: 'border-reserved bg-reserved',
  expired:
    'border-line-strong bg-[repeating-linear-gradient(0deg,transparent_0_4px,color-mix(in_srgb,var(--line-strong)_45%,transparent)_4px_5px)]',
  released: 'border-dotted border-line-strong bg-sunken',
} as const satisfies Record<ReservationState, string>

const labelClasses = {
  planned: 'bg-track text-ink',
  active: 'bg-reserved text-reserved-ink',
  expired: 'bg-track text-secondary',
  released: 'text-secondary line-through',
} as const satisfies Record<ReservationState, string>

/** One bar, which leads to its reservation. */
export function ReservationBar({
  placed: { bar, lane, start, width, fromBefore, goesOn },
  place,
  Link,
}: {
  readonly placed: PlacedBar<TimelineBar>
  /** "GPU 0 of lab-01". */
  readonly place: string
  readonly Link: ElementType
}) {
  const { icon: Icon, word } = reservationLooks[bar.state]
  const open = bar.endsAt === undefined
  const size = formatBytes(bar.bytes)
  const facts = [`${word}, ${size} on ${place}`, windowWords(bar.startsAt, bar.endsAt), `Owner: ${bar.owner}`]
  return (
    <Link
      href={bar.href}
      {...(bar.current && { 'aria-current': 'true' as const })}
      aria-label={`${bar.purpose}: ${facts.join('; ')}`}
      data-tip={[bar.purpose, ...facts].join('\n')}
      className={cn(
        '@container absolute flex items-center overflow-hidden rounded border text-2xs hover:brightness-110 focus-visible:z-10',
        barClasses[bar.state],
        bar.current && 'outline-2 outline-offset-1 outline-ink',
        fromBefore && 'rounded-l-none border-l-0',
        goesOn && 'rounded-r-none border-r-0',
      )}
      style={{ left: percent(start), width: percent(width), top: lane * LANE_HEIGHT, height: BAR_HEIGHT }}
    >
      <span
        className={cn(
          'ml-1 hidden min-w-0 items-center gap-1 rounded-sm px-0.5 @min-[2rem]:flex',
          labelClasses[bar.state],
        )}
      >
        <Icon aria-hidden className="size-3 shrink-0" />
        <span className="truncate">
          {bar.purpose} · <span className="tabular-nums">{size}</span>
        </span>
      </span>
      {open && (
        <span aria-hidden className={cn('mr-0.5 ml-auto shrink-0 rounded-sm', labelClasses[bar.state])}>
          <ArrowRight className="size-3.5" strokeWidth={2.5} />
        </span>
      )}
    </Link>
  )
}
