/** What a stretch of memory on a bar holds. The first two belong to others, the last four to the plan. */
export const segmentKinds = ['reserved', 'others', 'model', 'context', 'compute', 'overhead'] as const
export type SegmentKind = (typeof segmentKinds)[number]

export const segmentWords = {
  reserved: { label: 'Driver', hint: 'What the driver keeps for itself out of what its tools report.' },
  others: { label: 'Used by others', hint: 'Held by other processes when last measured.' },
  model: { label: 'Model', hint: 'Weights that lie here.' },
  context: { label: 'Context', hint: 'KV cache and recurrent state of the blocks that lie here.' },
  compute: { label: 'Compute', hint: 'Buffers for the intermediate results of one ubatch.' },
  overhead: { label: 'Overhead', hint: 'What the driver takes beside the engine’s buffers.' },
} as const satisfies Record<SegmentKind, { readonly label: string; readonly hint: string }>

/** The driver's share and a run's overhead are the same kind of thing and share a colour; the pattern differs. */
export const segmentColour = {
  reserved: 'overhead',
  others: 'others',
  model: 'model',
  context: 'context',
  compute: 'compute',
  overhead: 'overhead',
} as const satisfies Record<SegmentKind, string>
