import { type Bytes, bytes, formatBytes } from '@berth/core'
import { type ElementType, useId } from 'react'
import { cn } from './cn.ts'
import { percent } from './geometry/segments.ts'
import { shareOf, ticksOf, type TimeSpan, type TimeTick, type TimeZoom } from './geometry/time-axis.ts'
import { laneCount, mostReserved, placeBars, reservedAt, type ReservedStep, stepPath } from './geometry/timeline.ts'
import { LANE_HEIGHT, ReservationBar, type TimelineBar } from './timeline-bar.tsx'

/** One GPU, or the host's memory. */
export interface TimelinePlace {
  readonly key: string
  readonly name: string
  /** What reservations may hold of it; undefined where nobody knows. */
  readonly capacity: Bytes | undefined
  readonly steps: readonly ReservedStep[]
  readonly bars: readonly TimelineBar[]
}

export interface TimelineMachine {
  readonly id: string
  readonly name: string
  readonly href: string
  readonly places: readonly TimelinePlace[]
}

export interface ReservationTimelineProps {
  readonly machines: readonly TimelineMachine[]
  readonly zoom: TimeZoom
  readonly span: TimeSpan
  /** Ms since 1970. */
  readonly now: number
  /** What a link is made of: the router's own, where there is one. */
  readonly Link?: ElementType
}

const STRIP_HEIGHT = 30

/** Reservations as bars over time, a row a place, under the outline of all that is reserved of it. */
export function ReservationTimeline({ machines, zoom, span, now, Link = 'a' }: ReservationTimelineProps) {
  const ticks = ticksOf(zoom, span)
  return (
    <div className="grid gap-5">
      <Axis ticks={ticks} span={span} now={now} />
      {machines.map((machine) => (
        <section key={machine.id} aria-label={`Timeline of ${machine.name}`} className="grid gap-1">
          <h3 className="text-sm font-semibold">
            <Link href={machine.href} className="rounded-sm hover:underline">
              {machine.name}
            </Link>
          </h3>
          {machine.places.map((place) => (
            <PlaceRow
              key={place.key}
              place={place}
              of={`${place.name} of ${machine.name}`}
              {...{ ticks, span, now, Link }}
            />
          ))}
        </section>
      ))}
    </div>
  )
}

const rowClasses = 'grid gap-x-4 gap-y-1 sm:grid-cols-[13.5rem_minmax(0,1fr)]'

const isWithin = (at: number, span: TimeSpan): boolean => at >= span.from && at < span.to

function Axis({
  ticks,
  span,
  now,
}: {
  readonly ticks: readonly TimeTick[]
  readonly span: TimeSpan
  readonly now: number
}) {
  return (
    <div aria-hidden className={cn(rowClasses, 'sticky top-13 z-20 bg-surface pt-1 lg:top-0')}>
      <span className="hidden sm:block" />
      <div className="relative h-9 border-b border-line-strong text-2xs text-secondary">
        {ticks.map(({ at, label, minor }) => (
          <span
            key={at}
            className={cn(
              'absolute bottom-0.5 whitespace-nowrap border-l border-line-strong pl-1 tabular-nums',
              minor && 'max-md:hidden',
            )}
            style={{ left: percent(shareOf(at, span)) }}
          >
            {label}
          </span>
        ))}
        {isWithin(now, span) && (
          <span
            className="absolute top-0 -translate-x-1/2 rounded bg-strong px-1 font-medium text-inverse"
            style={{ left: percent(shareOf(now, span)) }}
          >
            now
          </span>
        )}
      </div>
    </div>
  )
}

interface RowProps {
  readonly place: TimelinePlace
  /** "GPU 0 of lab-01". */
  readonly of: string
  readonly ticks: readonly TimeTick[]
  readonly span: TimeSpan
  readonly now: number
  readonly Link: ElementType
}

function PlaceRow({ place, of, ticks, span, now, Link }: RowProps) {
  const placed = placeBars(place.bars, span)
  const nowShare = isWithin(now, span) ? shareOf(now, span) : undefined
  return (
    <div className={cn(rowClasses, 'border-t border-line py-1.5 first-of-type:border-0')}>
      <div className="min-w-0 text-xs">
        <p className="break-words font-medium">{place.name}</p>
        {freeWords(place, span, now).map((words) => (
          <p key={words} className="text-2xs text-secondary tabular-nums">
            {words}
          </p>
        ))}
      </div>
      <div className="relative min-w-0" style={{ minHeight: STRIP_HEIGHT }}>
        {ticks.map(({ at }) => (
          <span
            key={at}
            aria-hidden
            className="absolute inset-y-0 w-px bg-line"
            style={{ left: percent(shareOf(at, span)) }}
          />
        ))}
        <ReservedStrip place={place} of={of} span={span} now={now} />
        <ul
          aria-label={`Reservations of ${of}`}
          className="relative mt-1"
          style={{ height: laneCount(placed) * LANE_HEIGHT }}
        >
          {placed.map((one) => (
            <li key={one.bar.key}>
              <ReservationBar placed={one} place={of} Link={Link} />
            </li>
          ))}
        </ul>
        {nowShare !== undefined && (
          <span
            aria-hidden
            className="pointer-events-none absolute -inset-y-1.5 w-0.5 -translate-x-1/2 bg-ink"
            style={{ left: percent(nowShare) }}
          />
        )}
      </div>
    </div>
  )
}

type Reserved = Pick<TimelinePlace, 'steps' | 'capacity'>

/** The sum of all that is reserved of a place, over time, below the line of what it has. */
function ReservedStrip({
  place: { steps, capacity },
  of,
  span,
  now,
}: Pick<RowProps, 'of' | 'span' | 'now'> & { readonly place: TimelinePlace }) {
  const id = useId()
  const top = capacity === undefined ? mostReserved(steps, span) : bytes(Math.max(capacity, mostReserved(steps, span)))
  const limit = capacity === undefined || top === 0 ? 0 : 1 - capacity / top
  return (
    <svg
      role="img"
      aria-labelledby={id}
      width="100%"
      height={STRIP_HEIGHT}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="relative block overflow-visible"
    >
      <title id={id}>{describe({ steps, capacity }, { of, span, now })}</title>
      <path
        d={stepPath(steps, span, top)}
        fill="var(--reserved)"
        fillOpacity="0.22"
        stroke={mostReserved(steps, span) > 0 ? 'var(--reserved)' : 'var(--line)'}
        vectorEffect="non-scaling-stroke"
      />
      <line
        x1="0"
        x2="100"
        y1={limit * 100}
        y2={limit * 100}
        stroke={limit > 0 ? 'var(--bad)' : 'var(--line-strong)'}
        strokeWidth={limit > 0 ? 2 : 1}
        strokeDasharray="3 3"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

/** What is left of a place where so much is reserved; less than nothing when memory has gone since. */
const roomWords = (reserved: Bytes, capacity: Bytes, of = ''): string =>
  reserved > capacity
    ? `${formatBytes(bytes(reserved - capacity))} more reserved than its ${formatBytes(capacity)}`
    : `${formatBytes(bytes(capacity - reserved))}${of} free`

/** What is free now, and at the fullest moment still to come in the span where that is less. */
function freeWords({ steps, capacity }: Reserved, span: TimeSpan, now: number): readonly string[] {
  const most = mostReserved(steps, isWithin(now, span) ? { from: now, to: span.to } : span)
  if (capacity === undefined) return [`${formatBytes(most)} reserved at the fullest`]
  const of = ` of ${formatBytes(capacity)}`
  if (!isWithin(now, span)) return [`${roomWords(most, capacity, of)} at the fullest`]
  const current = reservedAt(steps, now)
  return [
    `${roomWords(current, capacity, of)} now`,
    ...(most > current ? [`${roomWords(most, capacity)} at the fullest`] : []),
  ]
}

const describe = (reserved: Reserved, { of, span, now }: Pick<RowProps, 'of' | 'span' | 'now'>): string =>
  `Reserved of ${of}: ${freeWords(reserved, span, now).join(', ')}`
