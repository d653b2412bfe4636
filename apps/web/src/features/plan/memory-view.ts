import { bytes, type Certainty, leastCertain, type PlaceMemory } from '@berth/core'
import type { SegmentKind } from '@berth/ui/segment-kinds'
import type { Segment } from '@berth/ui/segments'

/** A place's memory as a bar shows it: what others hold first, then the plan's parts in the engine's order. */
export const segmentsOf = (memory: PlaceMemory): readonly Segment<SegmentKind>[] => [
  { kind: 'measured', bytes: memory.used },
  { kind: 'reserved', bytes: memory.reserved ?? bytes(0) },
  { kind: 'model', bytes: memory.model },
  { kind: 'context', bytes: memory.context },
  { kind: 'compute', bytes: memory.compute },
  { kind: 'overhead', bytes: memory.overhead },
]

const partKinds = ['model', 'context', 'compute', 'overhead'] as const satisfies readonly SegmentKind[]

/** What the bars of these places show; reserved memory where some of them have any. */
export const kindsOf = (places: readonly PlaceMemory[]): readonly SegmentKind[] => [
  'measured',
  ...(hasReserved(places) ? (['reserved'] as const) : []),
  ...partKinds,
]

export const hasReserved = (places: readonly PlaceMemory[]): boolean => places.some(({ reserved = 0 }) => reserved > 0)

/** How sure the sum of a place is: as sure as its least sure part. */
export const sumCertainty = ({ certainty }: PlaceMemory): Certainty =>
  leastCertain([certainty.model, certainty.context, certainty.compute, certainty.overhead])
