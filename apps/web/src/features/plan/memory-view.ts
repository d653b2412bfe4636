import { type Certainty, leastCertain, type PlaceMemory } from '@berth/core'
import type { SegmentKind } from '@berth/ui/segment-kinds'
import type { Segment } from '@berth/ui/segments'

/** A place's memory as a bar shows it: what others hold first, then the plan's parts in the engine's order. */
export const segmentsOf = (memory: PlaceMemory): readonly Segment<SegmentKind>[] => [
  { kind: 'others', bytes: memory.used },
  { kind: 'model', bytes: memory.model },
  { kind: 'context', bytes: memory.context },
  { kind: 'compute', bytes: memory.compute },
  { kind: 'overhead', bytes: memory.overhead },
]

export const planKinds = ['others', 'model', 'context', 'compute', 'overhead'] as const satisfies readonly SegmentKind[]

/** How sure the sum of a place is: as sure as its least sure part. */
export const sumCertainty = ({ certainty }: PlaceMemory): Certainty =>
  leastCertain([certainty.model, certainty.context, certainty.compute, certainty.overhead])
