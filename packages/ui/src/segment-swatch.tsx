import { useId } from 'react'
import type { SegmentKind } from './segment-kinds.ts'
import { patternId, SegmentPatterns } from './segment-pattern.tsx'

/** A kind's colour and marks as the bars draw them, for a heading that names it. */
export function SegmentSwatch({ kind }: { readonly kind: SegmentKind }) {
  const scope = useId()
  return (
    <svg aria-hidden width="16" height="12" className="shrink-0">
      <SegmentPatterns scope={scope} />
      <rect width="16" height="12" rx="2" fill={`url(#${patternId(scope, kind)})`} />
    </svg>
  )
}
