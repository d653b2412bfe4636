import { memoryWords } from '@berth/core'

/** What a stretch of memory on a bar holds. The first three belong to others, the last four to the plan. */
export const segmentKinds = ['driver', 'measured', 'reserved', 'model', 'context', 'compute', 'overhead'] as const
export type SegmentKind = (typeof segmentKinds)[number]

export const segmentWords = {
  driver: { label: 'Kept by the driver', hint: 'What the driver keeps for itself out of what its tools report.' },
  measured: memoryWords.measured,
  reserved: memoryWords.reserved,
  model: { label: 'Model', hint: 'Weights that lie here.' },
  context: { label: 'Context', hint: 'KV cache and recurrent state of the blocks that lie here.' },
  compute: { label: 'Compute', hint: 'Buffers for the intermediate results of one ubatch.' },
  overhead: { label: 'Overhead', hint: 'What the driver takes beside the engine’s buffers.' },
} as const satisfies Record<SegmentKind, { readonly label: string; readonly hint: string }>

/** The driver's share and a run's overhead are the same kind of thing and share a colour; the pattern differs. */
const segmentColour = {
  driver: 'segment-overhead',
  measured: 'segment-others',
  reserved: 'reserved',
  model: 'segment-model',
  context: 'segment-context',
  compute: 'segment-compute',
  overhead: 'segment-overhead',
} as const satisfies Record<SegmentKind, string>

export const fillOf = (kind: SegmentKind): string => `var(--${segmentColour[kind]})`
export const inkOf = (kind: SegmentKind): string => `var(--${segmentColour[kind]}-ink)`
