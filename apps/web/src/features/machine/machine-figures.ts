import { type Bytes, bytes, type Device, isCutIntoSlices, type Machine, sumBytes } from '@berth/core'
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

/** What a card has and what its slices have is the same memory: the slices count, for they are planned on. */
const plannable = (machine: Machine): readonly Device[] =>
  machine.devices.filter((device) => !isCutIntoSlices(device, machine))

export const memoryTotal = (machine: Machine): Bytes => sumBytes(plannable(machine).map((device) => device.memoryTotal))

/** What nobody else held when it was measured; undefined where no GPU was ever measured. */
export function memoryFree(machine: Machine): Bytes | undefined {
  if (machine.devices.every(({ memoryUsed }) => memoryUsed === undefined)) return undefined
  return sumBytes(
    plannable(machine).map(({ memoryTotal: total, memoryUsed }) => bytes(Math.max(0, total - (memoryUsed ?? 0)))),
  )
}

/** Whether a tool on the machine printed any of its GPUs’ memory: else they are the catalogue’s, or said to be so. */
export const isMeasured = ({ devices }: Machine): boolean =>
  devices.length === 0 ||
  devices.some(({ memory }) => Object.values(memory).some(({ provenance }) => provenance === 'measured'))

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

/** What is worth a warning on a GPU: each costs speed or memory and is easily overlooked. */
export function deviceWarnings({
  pcie,
  powerLimitWatts,
  powerDefaultWatts,
  displayAttached,
}: Device): readonly string[] {
  const warnings: string[] = []
  if (pcie?.width !== undefined && pcie.widthMax !== undefined && pcie.width < pcie.widthMax) {
    warnings.push(`Runs on ${pcie.width} of ${pcie.widthMax} PCIe lanes`)
  }
  if (powerLimitWatts !== undefined && powerDefaultWatts !== undefined && powerLimitWatts < powerDefaultWatts) {
    warnings.push(`Power capped at ${powerLimitWatts} W of ${powerDefaultWatts} W`)
  }
  if (displayAttached) warnings.push('Drives a display, which takes memory of it')
  return warnings
}
