import { type Bytes, bytes, formatBytes } from '@berth/core'
import { useId } from 'react'
import { exactBytes } from './exact-bytes.ts'
import { percent } from './geometry/segments.ts'
import { fillOf, inkOf } from './segment-kinds.ts'
import { patternId, SegmentPatterns } from './segment-pattern.tsx'

export interface PackedPart {
  readonly key: string
  /** Short enough for a narrow part: the number of a row in the table beside it. */
  readonly mark: string
  /** "Chat, replica 2 of 3". */
  readonly label: string
  readonly bytes: Bytes
}

export interface PackedBarProps {
  /** What the bar is of: "GPU 0, NVIDIA GeForce RTX 3090". */
  readonly label: string
  readonly capacity: Bytes
  /** Bytes that the full width stands for; the same for all bars that are compared. */
  readonly scale: Bytes
  /** Held by others already, by kind. */
  readonly held: readonly { readonly kind: 'measured' | 'reserved'; readonly label: string; readonly bytes: Bytes }[]
  readonly parts: readonly PackedPart[]
  readonly height?: number
}

/** One GPU with the replicas that are to lie on it, each with its mark, beside what others hold of it. */
export function PackedBar({ label, capacity, scale, held, parts, height = 26 }: PackedBarProps) {
  const scope = useId()
  const stretches = stretchesOf([...held, ...parts], scale)
  return (
    <div className="relative" role="group" aria-label={label}>
      <svg role="img" aria-labelledby={`${scope}-title`} width="100%" height={height} className="block">
        <title id={`${scope}-title`}>{describe({ label, capacity, held, parts })}</title>
        <SegmentPatterns scope={scope} />
        <rect
          width={percent(capacity / scale)}
          height={height}
          rx="3"
          fill="var(--track)"
          stroke="var(--line-strong)"
        />
        {stretches.map(({ key, start, width, of }) => (
          <rect
            key={key}
            x={percent(start)}
            width={percent(width)}
            height={height}
            fill={'kind' in of ? `url(#${patternId(scope, of.kind)})` : fillOf('model')}
            stroke="var(--track)"
            strokeWidth="2"
          />
        ))}
      </svg>
      {stretches.map(({ key, start, width, of }) => (
        <span
          key={key}
          role="img"
          tabIndex={0}
          aria-label={`${of.label}: ${formatBytes(of.bytes)}`}
          data-tip={`${of.label}: ${formatBytes(of.bytes)}\n${exactBytes(of.bytes)}`}
          className="segment-label absolute top-0 rounded-[1px] text-2xs"
          style={{ left: percent(start), width: percent(width), height }}
        >
          {'mark' in of && (
            <span aria-hidden className="flex items-center justify-center px-1 tabular-nums" style={{ height }}>
              <span style={{ color: inkOf('model') }}>{of.mark}</span>
            </span>
          )}
        </span>
      ))}
    </div>
  )
}

type Stretch = PackedBarProps['held'][number] | PackedPart

function stretchesOf(all: readonly Stretch[], scale: Bytes) {
  let end = 0
  return all
    .filter((one) => one.bytes > 0)
    .map((of) => {
      const [start, width] = [end, of.bytes / scale]
      end += width
      return { key: 'key' in of ? of.key : of.kind, start, width, of }
    })
}

function describe({
  label,
  capacity,
  held,
  parts,
}: Pick<PackedBarProps, 'label' | 'capacity' | 'held' | 'parts'>): string {
  const all = [...held, ...parts].filter((one) => one.bytes > 0)
  const words = all.map((one) => `${one.label} ${formatBytes(one.bytes)}`)
  const taken = all.reduce((sum, one) => sum + one.bytes, 0)
  return `${label}: ${[...words, `${formatBytes(bytes(capacity - taken))} free of ${formatBytes(capacity)}`].join(', ')}`
}
