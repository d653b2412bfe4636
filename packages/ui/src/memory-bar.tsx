import { type Bytes, bytes, formatBytes, memoryWords } from '@berth/core'
import { useId } from 'react'
import { percent, type PlacedSegment, placeSegments, type Segment } from './geometry/segments.ts'
import { exactBytes } from './exact-bytes.ts'
import { fillOf, inkOf, type SegmentKind, segmentWords } from './segment-kinds.ts'
import { patternId, SegmentPatterns } from './segment-pattern.tsx'

export interface MemoryBarProps {
  /** What the bar is of: "GPU 0, NVIDIA GeForce RTX 3090". */
  readonly label: string
  readonly segments: readonly Segment<SegmentKind>[]
  /** What the place holds; absent where a need is shown before there is a place. */
  readonly capacity?: Bytes
  /** Bytes that the full width stands for; the same for all bars that are compared. */
  readonly scale: Bytes
  /** What must stay free at the end of the capacity; drawn hatched, with a tick at its limit. */
  readonly margin?: Bytes
  /** What saved plans would need after the segments: an outline, since it holds nothing. It ends with the bar. */
  readonly planned?: Bytes
  readonly height?: number
}

/** One place's memory as a stack on a common scale. The table beside it holds the same figures. */
export function MemoryBar({ label, segments, capacity, scale, margin, planned, height = 26 }: MemoryBarProps) {
  const scope = useId()
  const filled = bytes(segments.reduce((sum, segment) => sum + segment.bytes, 0))
  const room = capacity ?? filled
  const placed = placeSegments(segments, { scale, capacity: room })
  const end = scale > 0 ? room / scale : 0
  const overflows = filled > room
  const limit = margin !== undefined && scale > 0 ? Math.max(0, room - margin) / scale : undefined
  const outline = outlineOf(planned, { placed, scale, end })
  return (
    <div className="relative" role="group" aria-label={label}>
      <svg
        role="img"
        aria-labelledby={`${scope}-title`}
        width="100%"
        height={height}
        className="block overflow-visible"
      >
        <title id={`${scope}-title`}>{describe({ label, segments, capacity, filled, planned })}</title>
        <SegmentPatterns scope={scope} />
        <rect width={percent(end)} height={height} rx="3" fill="var(--track)" stroke="var(--line-strong)" />
        {limit !== undefined && end > limit && (
          <rect x={percent(limit)} width={percent(end - limit)} height={height} fill={`url(#${scope}-kept-free)`} />
        )}
        {placed.map((segment) => (
          <rect
            key={segment.kind}
            x={percent(segment.start)}
            width={percent(segment.width)}
            height={height}
            fill={`url(#${patternId(scope, segment.kind)})`}
            stroke="var(--track)"
            strokeWidth="1"
          />
        ))}
        {outline && (
          <rect
            x={percent(outline.start)}
            y={3}
            width={percent(outline.width)}
            height={height - 6}
            fill={`url(#${scope}-planned)`}
            stroke="var(--text-secondary)"
            strokeWidth="1.25"
            strokeDasharray="4 3"
          />
        )}
        {limit !== undefined && <Tick at={limit} height={height} />}
        {overflows && <CapacityEnd at={end} height={height} />}
      </svg>
      {placed.map((segment) => (
        <SegmentLabel key={segment.kind} segment={segment} height={height} />
      ))}
      {outline && planned !== undefined && <PlannedLabel outline={outline} planned={planned} height={height} />}
    </div>
  )
}

interface Outline {
  readonly start: number
  readonly width: number
}

/** From where the segments end; one of no width has no room on the bar, and its figure stands beside it. */
function outlineOf(
  planned: Bytes | undefined,
  bar: { readonly placed: readonly PlacedSegment<SegmentKind>[]; readonly scale: Bytes; readonly end: number },
): Outline | undefined {
  if (planned === undefined || planned === 0 || bar.scale <= 0) return undefined
  const start = bar.placed.reduce((last, { start: from, width }) => Math.max(last, from + width), 0)
  const width = Math.min(planned / bar.scale, bar.end - start)
  return width > 0 ? { start, width } : undefined
}

function PlannedLabel({
  outline,
  planned,
  height,
}: {
  readonly outline: Outline
  readonly planned: Bytes
  readonly height: number
}) {
  const size = formatBytes(planned)
  return (
    <span
      role="img"
      tabIndex={0}
      aria-label={`${memoryWords.planned.label}: ${size}`}
      data-tip={`${memoryWords.planned.label}: ${size}\n${exactBytes(planned)}\n${memoryWords.planned.hint}`}
      className="segment-label absolute top-0 text-2xs"
      style={{ left: percent(outline.start), width: percent(outline.width), height }}
    >
      <span aria-hidden className="flex items-center whitespace-nowrap px-1.5" style={{ height }}>
        <span className="rounded-sm bg-track px-1 text-secondary tabular-nums">
          {memoryWords.planned.label} {size}
        </span>
      </span>
    </span>
  )
}

/** A tick stands out on any segment: a dark line inside a light one. */
function Tick({ at, height }: { readonly at: number; readonly height: number }) {
  return (
    <g>
      <line x1={percent(at)} x2={percent(at)} y1={-4} y2={height + 4} stroke="var(--surface)" strokeWidth="4" />
      <line x1={percent(at)} x2={percent(at)} y1={-4} y2={height + 4} stroke="var(--text)" strokeWidth="1.5" />
    </g>
  )
}

function CapacityEnd({ at, height }: { readonly at: number; readonly height: number }) {
  return (
    <g>
      <line x1={percent(at)} x2={percent(at)} y1={-4} y2={height + 4} stroke="var(--surface)" strokeWidth="5" />
      <line x1={percent(at)} x2={percent(at)} y1={-4} y2={height + 4} stroke="var(--bad)" strokeWidth="2.5" />
    </g>
  )
}

function SegmentLabel({ segment, height }: { readonly segment: PlacedSegment<SegmentKind>; readonly height: number }) {
  const { label, hint } = segmentWords[segment.kind]
  const size = formatBytes(segment.bytes)
  return (
    <span
      role="img"
      tabIndex={0}
      aria-label={`${label}: ${size}`}
      data-tip={`${label}: ${size}\n${exactBytes(segment.bytes)}\n${hint}`}
      className="segment-label absolute top-0 rounded-[1px] text-2xs"
      style={{ left: percent(segment.start), width: percent(segment.width), height }}
    >
      <span aria-hidden className="flex items-center whitespace-nowrap px-1.5" style={{ height }}>
        <span
          className="rounded-sm px-1 tabular-nums"
          style={{ background: fillOf(segment.kind), color: inkOf(segment.kind) }}
        >
          {label} {size}
        </span>
      </span>
    </span>
  )
}

function describe({
  label,
  segments,
  capacity,
  filled,
  planned = bytes(0),
}: Pick<MemoryBarProps, 'label' | 'segments'> & {
  readonly capacity: Bytes | undefined
  readonly filled: Bytes
  readonly planned: Bytes | undefined
}): string {
  const parts = segments
    .filter((segment) => segment.bytes > 0)
    .map((segment) => `${segmentWords[segment.kind].label.toLowerCase()} ${formatBytes(segment.bytes)}`)
  const rest = capacity === undefined ? `${formatBytes(filled)} in all` : roomLeft(filled, capacity)
  const wanted = planned > 0 ? [`${formatBytes(planned)} planned, which holds nothing`] : []
  return `${label}: ${[...parts, rest, ...wanted].join(', ')}`
}

const roomLeft = (filled: Bytes, capacity: Bytes): string =>
  filled > capacity
    ? `${formatBytes(bytes(filled - capacity))} more than the ${formatBytes(capacity)} it holds`
    : `${formatBytes(bytes(capacity - filled))} free of ${formatBytes(capacity)}`
