import { bytes, type Bytes, type Device } from '@berth/core'
import type { MemoryPlace } from '../../trpc/types.ts'
import type { SegmentKind } from '@berth/ui/segment-kinds'
import type { Segment } from '@berth/ui/segments'

/**
 * A place as its bar shows it. What the driver and the team keep lies beyond what a plan may use: the bar is longer by it.
 * Of what was measured only the part that is no reservation's is a stretch of its own.
 */
export interface PlaceBar {
  readonly capacity: Bytes
  readonly segments: readonly Segment<SegmentKind>[]
  readonly planned: Bytes
  /** What the team keeps back; undefined where it keeps nothing. */
  readonly margin: Bytes | undefined
}

export function placeBar({ capacity, keptByDriver, keptByPolicy, measured, reserved, planned }: MemoryPlace): PlaceBar {
  return {
    capacity: bytes((capacity ?? 0) + keptByDriver + keptByPolicy),
    segments: [
      { kind: 'driver', bytes: keptByDriver },
      { kind: 'measured', bytes: measured?.beside ?? bytes(0) },
      { kind: 'reserved', bytes: reserved.peak },
    ],
    planned: planned.bytes,
    margin: keptByPolicy > 0 ? keptByPolicy : undefined,
  }
}

/** "Gen 4 ×16", or "Gen 3 ×4 of Gen 4 ×16" where the slot is narrower than the card. */
export function pcieSentence({ pcie }: Pick<Device, 'pcie'>): string | undefined {
  if (!pcie) return undefined
  const write = (generation?: number, width?: number) =>
    [generation === undefined ? '' : `Gen ${generation}`, width === undefined ? '' : `×${width}`]
      .filter(Boolean)
      .join(' ')
  const now = write(pcie.generation, pcie.width)
  const most = write(pcie.generationMax, pcie.widthMax)
  if (!now) return most || undefined
  return most && most !== now ? `${now} of ${most}` : now
}
