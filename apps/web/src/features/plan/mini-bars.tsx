import type { Bytes } from '@berth/core'
import { fillOf, type SegmentKind } from '@berth/ui/segment-kinds'
import { percent, placeSegments, type Segment } from '@berth/ui/segments'

const LINE = 7
const GAP = 3

/** A machine's GPUs as thin lines, for telling machines apart at a glance; the open machine has the full bars. */
export function MiniBars({
  bars: { scale, bars },
}: {
  readonly bars: {
    readonly scale: Bytes
    readonly bars: readonly {
      readonly id: string
      readonly capacity: Bytes
      readonly segments: readonly Segment<SegmentKind>[]
    }[]
  }
}) {
  return (
    <svg aria-hidden width="100%" height={bars.length * (LINE + GAP) - GAP} className="block">
      {bars.map((bar, row) => (
        <g key={bar.id} transform={`translate(0 ${row * (LINE + GAP)})`}>
          <rect
            width={percent(bar.capacity / scale)}
            height={LINE}
            fill="var(--track)"
            stroke="var(--line-strong)"
            strokeWidth="1"
          />
          {placeSegments(bar.segments, { scale, capacity: bar.capacity }).map((segment) => (
            <rect
              key={segment.kind}
              x={percent(segment.start)}
              width={percent(segment.width)}
              height={LINE}
              fill={fillOf(segment.kind)}
              stroke="var(--track)"
              strokeWidth="1"
            />
          ))}
          {bar.segments.reduce((sum, { bytes }) => sum + bytes, 0) > bar.capacity && (
            <rect x={percent(bar.capacity / scale)} width="2" y={-1} height={LINE + 2} fill="var(--bad)" />
          )}
        </g>
      ))}
    </svg>
  )
}
