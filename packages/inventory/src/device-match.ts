import type { Device } from '@berth/core'

/** Slices of one card share its bus id: the slice's place among them tells them apart. */
function busKey(device: Device, all: readonly Device[]): string | undefined {
  if (device.pciBusId === undefined || device.migParent === undefined) return device.pciBusId
  const siblings = all.filter((other) => other.migParent !== undefined && other.pciBusId === device.pciBusId)
  return `${device.pciBusId}/mig${siblings.indexOf(device)}`
}

const contradict = (left: string | undefined, right: string | undefined): boolean =>
  left !== undefined && right !== undefined && left !== right

/**
 * Which device of `after` is which of `before`: the same UUID, else the same PCI bus id, else the same index, each only
 * where no better sign contradicts. A card in another slot is the same card; another card in the slot is not.
 */
export function matchDevices(before: readonly Device[], after: readonly Device[]): ReadonlyMap<Device, Device> {
  const matches = new Map<Device, Device>()
  const free = new Set(before)
  const pair = (same: (old: Device, now: Device) => boolean): void => {
    for (const now of after) {
      if (matches.has(now)) continue
      const old = [...free].find((candidate) => same(candidate, now))
      if (old === undefined) continue
      matches.set(now, old)
      free.delete(old)
    }
  }
  const sameKind = (old: Device, now: Device) => (old.migParent === undefined) === (now.migParent === undefined)
  pair((old, now) => old.uuid !== undefined && old.uuid === now.uuid)
  pair((old, now) => {
    const key = busKey(now, after)
    return key !== undefined && key === busKey(old, before) && sameKind(old, now) && !contradict(old.uuid, now.uuid)
  })
  pair(
    (old, now) =>
      old.index === now.index &&
      old.backend === now.backend &&
      sameKind(old, now) &&
      !contradict(old.uuid, now.uuid) &&
      !contradict(old.pciBusId, now.pciBusId),
  )
  return matches
}
