import { type Bytes, bytes, type Device, type Provenance } from '@berth/core'
import type { SegmentKind } from '@berth/ui/segment-kinds'
import type { Segment } from '@berth/ui/segments'

/** A GPU as its bar shows it. The driver's share lies beyond what a plan may use, so the bar is longer by it. */
export interface DeviceBar {
  readonly capacity: Bytes
  readonly segments: readonly Segment<SegmentKind>[]
}

export function deviceBar(device: Device): DeviceBar {
  const reserved = device.memory.driverReserved?.bytes ?? bytes(0)
  return {
    capacity: bytes(device.memoryTotal + reserved),
    segments: [
      { kind: 'reserved', bytes: reserved },
      { kind: 'others', bytes: device.memoryUsed ?? bytes(0) },
    ],
  }
}

export interface Figure {
  readonly term: string
  readonly meaning: string
  readonly value: { readonly bytes: Bytes; readonly provenance: Provenance } | undefined
}

/** The four figures of one card that must not be confused, and the one a plan goes by. */
export const memoryFigures = ({ memory }: Device): readonly Figure[] => [
  { term: 'Nominal', meaning: 'On the box: 24 GB is 24 GiB of chips.', value: memory.nominal },
  { term: 'Reported', meaning: 'What the driver’s tools print as total.', value: memory.reported },
  { term: 'Runtime', meaning: 'What a process sees as total.', value: memory.runtime },
  {
    term: 'Driver',
    meaning: 'What the driver keeps for itself out of the reported total.',
    value: memory.driverReserved,
  },
]

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
