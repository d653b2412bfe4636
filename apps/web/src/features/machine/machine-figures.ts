import { bytes, type Bytes, type Device } from '@berth/core'
import type { SegmentKind } from '@berth/ui/segment-kinds'
import type { Segment } from '@berth/ui/segments'

/** A GPU as its bar shows it. What the driver and the team keep lies beyond what a plan may use: the bar is longer by it. */
export interface DeviceBar {
  readonly capacity: Bytes
  readonly segments: readonly Segment<SegmentKind>[]
  /** What the team keeps back; undefined where it keeps nothing. */
  readonly margin: Bytes | undefined
}

export function deviceBar(device: Device): DeviceBar {
  const kept = device.memory.policyReserved?.bytes
  const reserved = device.memory.driverReserved?.bytes ?? bytes(0)
  return {
    capacity: bytes(device.memoryTotal + reserved + (kept ?? 0)),
    segments: [
      { kind: 'reserved', bytes: reserved },
      { kind: 'others', bytes: device.memoryUsed ?? bytes(0) },
    ],
    margin: kept,
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
