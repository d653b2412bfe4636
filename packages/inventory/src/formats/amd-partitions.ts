import { bytes, gibibytes } from '@berth/core'

import type { Notes } from '../notes.ts'
import type { DeviceReading } from './format.ts'

/**
 * More than any part of a card has: half an MI355X is 144 GiB, and a whole MI300X 192. For the parts of an MI300X the
 * tools print all of its memory each (legacy-rocm-build#4750), for those of an MI300A their share.
 */
const largestPart = gibibytes(160)

/**
 * Cards that are split into several devices (DPX, QPX, CPX): they share a bus id, but for the function where the tool
 * counts the parts by it, and a unique id. Each gets a bus id of its own, and its share of what is printed of the whole.
 */
export function placePartitions(devices: readonly DeviceReading[], notes: Notes): readonly DeviceReading[] {
  const cards = new Map<string, DeviceReading[]>()
  for (const device of devices) {
    const card = slotOf(device)
    if (card !== undefined) cards.set(card, [...(cards.get(card) ?? []), device])
  }
  return devices.map((device) => {
    const parts = cards.get(slotOf(device) ?? '') ?? []
    if (parts.length < 2) return device
    const { uuid: _ofAll, ...part } = device
    const told = new Set(parts.map(({ pciBusId }) => pciBusId)).size === parts.length
    const pciBusId = told ? device.pciBusId! : `${slotOf(device)!}.${parts.indexOf(device).toString(16).toUpperCase()}`
    return { ...part, pciBusId, ...shareOf(device, parts.length, notes) }
  })
}

const slotOf = ({ pciBusId }: DeviceReading): string | undefined => pciBusId?.slice(0, pciBusId.indexOf('.'))

function shareOf({ line, name, reported, used }: DeviceReading, parts: number, notes: Notes): Partial<DeviceReading> {
  if (reported === undefined || reported < largestPart) return {}
  notes.warn('partition-shared', { line, detail: `${name ?? 'a card'} in ${parts} parts` })
  const share = { reported: bytes(Math.floor(reported / parts)) }
  return used === undefined ? share : { ...share, used: bytes(Math.ceil(used / parts)) }
}
