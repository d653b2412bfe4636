import { type Bytes, bytes, type ContextCurve, formatBytes, groupThousands } from '@berth/core'
import { useId } from 'react'
import { type CurvePoint, gridValues, labelHeights, pathOf } from './geometry/curve.ts'
import { percent } from './geometry/segments.ts'

/** Dashes tell the lines apart; all have the context's colour. */
const dashes = [undefined, '7 4', '2 3'] as const

const HEIGHT = 176
/** Height of a line of labels, as a share of the chart's. */
const LABEL_GAP = 16 / HEIGHT

/** Where one asks: a length, and what the context takes there. */
export interface ChartMark {
  readonly contextLength: number
  readonly bytes: Bytes
}

/** Bytes of context over its length, a line a cache type, both axes from zero. The table beside it holds the figures. */
export function ContextChart({
  title,
  curves,
  mark,
}: {
  readonly title: string
  readonly curves: readonly ContextCurve[]
  readonly mark: ChartMark
}) {
  const scope = useId()
  const ends = curves.map(({ points }) => points.at(-1)!)
  const longest = Math.max(...ends.map(({ contextLength }) => contextLength))
  const most = Math.max(mark.contextLength <= longest ? mark.bytes : 0, ...ends.map((end) => end.bytes))
  const at = (contextLength: number, size: number): CurvePoint => ({ x: contextLength / longest, y: size / most })
  const heights = labelHeights(
    ends.map((end) => end.bytes / most),
    LABEL_GAP,
  )
  const marked = mark.contextLength <= longest ? at(mark.contextLength, mark.bytes) : undefined
  return (
    <figure className="grid gap-1">
      <div className="grid grid-cols-[minmax(0,1fr)_3.25rem] pt-3 text-2xs text-secondary tabular-nums">
        <div className="relative" style={{ height: HEIGHT }}>
          <svg role="img" aria-labelledby={`${scope}-title`} width="100%" height={HEIGHT} className="overflow-visible">
            <title id={`${scope}-title`}>{describe(title, curves)}</title>
            {gridValues(most).map((value) => (
              <GridLine key={value} value={value} y={1 - value / most} />
            ))}
            <line x1="0" x2="100%" y1="100%" y2="100%" stroke="var(--line-strong)" />
            {marked && (
              <line
                x1={percent(marked.x)}
                x2={percent(marked.x)}
                y1={percent(1 - marked.y)}
                y2="100%"
                stroke="var(--text)"
              />
            )}
            <svg
              viewBox="0 0 100 100"
              preserveAspectRatio="none"
              width="100%"
              height="100%"
              className="overflow-visible"
            >
              {curves.map(({ cacheType, points }, index) => (
                <path
                  key={cacheType}
                  d={pathOf(points.map((point) => at(point.contextLength, point.bytes)))}
                  fill="none"
                  stroke="var(--segment-context)"
                  strokeWidth="2"
                  strokeDasharray={dashes[index % dashes.length]}
                  vectorEffect="non-scaling-stroke"
                />
              ))}
            </svg>
            {marked && (
              <circle
                cx={percent(marked.x)}
                cy={percent(1 - marked.y)}
                r="4.5"
                fill="var(--text)"
                stroke="var(--surface)"
                strokeWidth="1.5"
              />
            )}
          </svg>
        </div>
        <div aria-hidden className="relative">
          {curves.map(({ cacheType }, index) => (
            <code
              key={cacheType}
              className="absolute left-2 translate-y-1/2 font-mono text-ink"
              style={{ bottom: percent(heights[index]!) }}
            >
              {cacheType}
            </code>
          ))}
        </div>
        <Lengths longest={longest} />
      </div>
    </figure>
  )
}

function GridLine({ value, y }: { readonly value: number; readonly y: number }) {
  return (
    <g>
      <line x1="0" x2="100%" y1={percent(y)} y2={percent(y)} stroke="var(--line)" />
      <text x="0" y={percent(y)} dy="-4" fill="var(--text-secondary)" fontSize="11">
        {formatBytes(bytes(value))}
      </text>
    </g>
  )
}

const quarters = [0, 0.25, 0.5, 0.75, 1] as const

/** The odd quarters leave where the chart is narrow. */
function Lengths({ longest }: { readonly longest: number }) {
  return (
    <div aria-hidden className="relative h-5">
      {quarters.map((share) => (
        <span
          key={share}
          className={`absolute top-1 whitespace-nowrap ${share === 0 ? '' : share === 1 ? '-translate-x-full' : '-translate-x-1/2'} ${share % 0.5 === 0 ? '' : 'hidden sm:inline'}`}
          style={{ left: percent(share) }}
        >
          {share === 1 ? `${groupThousands(longest)} tokens` : groupThousands(Math.round(longest * share))}
        </span>
      ))}
    </div>
  )
}

const describe = (title: string, curves: readonly ContextCurve[]): string => {
  const ends = curves.map(({ cacheType, points }) => {
    const { contextLength, bytes: size } = points.at(-1)!
    return `${formatBytes(size)} in ${cacheType} at ${groupThousands(contextLength)} tokens`
  })
  return `${title}: ${ends.join(', ')}`
}
