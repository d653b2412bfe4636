import { memoryWords } from '@berth/core'
import { useId } from 'react'
import { type SegmentKind, segmentWords } from './segment-kinds.ts'
import { patternId, SegmentPatterns } from './segment-pattern.tsx'

const ofPlan = { label: 'Limit, less the margin', hint: 'The plan may fill a place up to this tick.' } as const

/** The key to the bars below or above it: the patterns and words of the kinds that occur, free space, and the tick. */
export function BarLegend({
  kinds,
  margin = false,
  marginWords = ofPlan,
  planned = false,
}: {
  readonly kinds: readonly SegmentKind[]
  /** Whether the bars show what must stay free. */
  readonly margin?: boolean
  /** What that is called, where it is no plan's margin. */
  readonly marginWords?: { readonly label: string; readonly hint: string }
  /** Whether the bars outline what saved plans would need. */
  readonly planned?: boolean
}) {
  const scope = useId()
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-secondary">
      {kinds.map((kind) => (
        <li key={kind} className="flex items-center gap-1.5" data-tip={segmentWords[kind].hint}>
          <Swatch>
            {kind === kinds[0] && <SegmentPatterns scope={scope} />}
            <rect width="16" height="12" rx="2" fill={`url(#${patternId(scope, kind)})`} />
          </Swatch>
          {segmentWords[kind].label}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <Swatch>
          <rect x="0.5" y="0.5" width="15" height="11" rx="2" fill="var(--track)" stroke="var(--line-strong)" />
        </Swatch>
        Free
      </li>
      {planned && (
        <li className="flex items-center gap-1.5" data-tip={memoryWords.planned.hint}>
          <Swatch>
            <rect
              x="0.5"
              y="0.5"
              width="15"
              height="11"
              fill={`url(#${scope}-planned)`}
              stroke="var(--text-secondary)"
              strokeWidth="1"
              strokeDasharray="2.5 2"
            />
          </Swatch>
          {memoryWords.planned.label}
        </li>
      )}
      {margin && (
        <li className="flex items-center gap-1.5" data-tip={marginWords.hint}>
          <Swatch>
            <line x1="8" x2="8" y1="0" y2="12" stroke="var(--text)" strokeWidth="1.5" />
          </Swatch>
          {marginWords.label}
        </li>
      )}
    </ul>
  )
}

function Swatch({ children }: { readonly children: React.ReactNode }) {
  return (
    <svg aria-hidden width="16" height="12">
      {children}
    </svg>
  )
}
