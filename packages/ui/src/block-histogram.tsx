import { type Bytes, formatBytes } from '@berth/core'
import { useId } from 'react'
import { exactBytes } from './exact-bytes.ts'
import { percent } from './geometry/segments.ts'

export interface HistogramBlock {
  readonly label: string
  readonly bytes: Bytes
  /** Of another sort than most (output layer, windowed attention): drawn with a pattern. */
  readonly marked?: boolean
}

/** Bytes of every layer as one column each, from zero, so that uneven layers show. */
export function BlockHistogram({
  title,
  blocks,
  height = 72,
}: {
  readonly title: string
  readonly blocks: readonly HistogramBlock[]
  readonly height?: number
}) {
  const scope = useId()
  const largest = Math.max(1, ...blocks.map((block) => block.bytes))
  const width = 1 / Math.max(1, blocks.length)
  return (
    <div className="relative" role="group" aria-label={title}>
      <svg role="img" aria-labelledby={`${scope}-title`} width="100%" height={height} className="block">
        <title
          id={`${scope}-title`}
        >{`${title}: ${blocks.length} columns, the largest ${formatBytes(largest as Bytes)}`}</title>
        <pattern id={`${scope}-marked`} width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="5" fill="var(--segment-model)" />
          <path d="M-1 1 L1 -1 M0 5 L5 0 M4 6 L6 4" stroke="var(--segment-model-ink)" strokeOpacity="0.5" />
        </pattern>
        {blocks.map((block, index) => {
          const column = Math.max(1, (block.bytes / largest) * height)
          return (
            <rect
              key={block.label}
              x={percent(index * width)}
              y={height - column}
              width={percent(width)}
              height={column}
              fill={block.marked ? `url(#${scope}-marked)` : 'var(--segment-model)'}
              stroke="var(--surface)"
              strokeWidth="1"
            />
          )
        })}
      </svg>
      {blocks.map((block, index) => (
        <span
          key={block.label}
          aria-hidden
          className="absolute inset-y-0 hover:bg-ink/10"
          data-tip={`${block.label}: ${formatBytes(block.bytes)}\n${exactBytes(block.bytes)}`}
          style={{ left: percent(index * width), width: percent(width) }}
        />
      ))}
    </div>
  )
}
