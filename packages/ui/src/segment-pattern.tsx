import type { ReactNode } from 'react'
import { fillOf, inkOf, type SegmentKind, segmentKinds } from './segment-kinds.ts'

/** Marks on top of a colour, so that no two kinds differ by colour alone. The model is the plain one. */
const marks = {
  model: null,
  context: <path d="M-1 1 L1 -1 M0 8 L8 0 M7 9 L9 7" strokeWidth="1.25" />,
  compute: <circle cx="4" cy="4" r="1.1" strokeWidth="1" />,
  overhead: <path d="M0 0 L8 8 M8 0 L0 8" strokeWidth="0.9" />,
  driver: <path d="M0 2 H8 M0 6 H8" strokeWidth="1" />,
  reserved: <path d="M-1 7 L1 9 M0 0 L8 8 M7 -1 L9 1" strokeWidth="1.25" />,
  measured: <path d="M2 0 V8 M6 0 V8" strokeWidth="1.25" />,
} as const satisfies Record<SegmentKind, ReactNode>

/** Pattern definitions for one SVG; `scope` keeps their ids apart from those of other SVGs on the page. */
export function SegmentPatterns({ scope }: { readonly scope: string }) {
  return (
    <defs>
      {segmentKinds.map((kind) => (
        <pattern key={kind} id={patternId(scope, kind)} width="8" height="8" patternUnits="userSpaceOnUse">
          <rect width="8" height="8" fill={fillOf(kind)} />
          <g stroke={inkOf(kind)} strokeOpacity="0.38" fill="none">
            {marks[kind]}
          </g>
        </pattern>
      ))}
      <pattern id={`${scope}-kept-free`} width="6" height="6" patternUnits="userSpaceOnUse">
        <path d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" stroke="var(--line-strong)" strokeOpacity="0.55" strokeWidth="1" />
      </pattern>
      <pattern id={`${scope}-planned`} width="7" height="7" patternUnits="userSpaceOnUse">
        <circle cx="3.5" cy="3.5" r="0.8" fill="var(--text-secondary)" fillOpacity="0.55" />
      </pattern>
    </defs>
  )
}

export const patternId = (scope: string, kind: SegmentKind): string => `${scope}-${kind}`
