import type { Device, DeviceId, Machine } from '@berth/core'

import { matchDevices } from './device-match.ts'
import type { MachineDiff } from './diff.ts'
import { diffMachine } from './diff.ts'
import { mergeDevice, stillCatalogued, withoutCatalogue } from './merge-device.ts'
import { mergeInterfaces, mergeLinks } from './merge-links.ts'
import { comparePci } from './text/figures.ts'

export interface MergedMachine {
  readonly machine: Machine
  readonly diff: MachineDiff
}

/**
 * `before` brought up to date by `after`. Devices keep their ids, figures that `after` lacks stay, and a device that
 * `after` lacks stays too and is listed in `diff.missing`; only what a card's new MIG layout replaces is dropped. The
 * name and id are those of `before`: a person may have given them.
 */
export function mergeMachine(before: Machine | undefined, after: Machine): MergedMachine {
  const diff = diffMachine(before, after)
  if (before === undefined) return { machine: after, diff }
  const matches = matchDevices(before.devices, after.devices)
  const ids = new Map<DeviceId, DeviceId>()
  const taken = new Set(before.devices.map((device) => device.id))
  const updated = after.devices.map((now) => {
    const old = matches.get(now)
    const device = old === undefined ? { ...now, id: freeId(now.id, taken) } : mergeDevice(old, now)
    taken.add(device.id)
    ids.set(now.id, device.id)
    return device
  })
  const devices = inOrder([...updated, ...diff.missing])
  const { devices: _devices, links: _links, id: _id, name: _name, ...facts } = withoutCatalogue(after)
  const { fromCatalogue: _was, ...known } = before
  const links = mergeLinks(before.links, after.links, (id) => ids.get(id) ?? id)
  const networkInterfaces = mergeInterfaces(before.networkInterfaces, after.networkInterfaces)
  const present = new Set(devices.map((device) => device.id))
  return {
    machine: {
      ...known,
      ...facts,
      ...stillCatalogued(before, facts),
      devices,
      links: links.filter(({ from, to }) => present.has(from) && present.has(to)),
      ...(networkInterfaces && { networkInterfaces }),
    },
    diff,
  }
}

/** An id that an absent card still holds is not given to another. */
function freeId(id: DeviceId, taken: ReadonlySet<DeviceId>): DeviceId {
  let free = id
  for (let number = 2; taken.has(free); number += 1) free = `${id}#${number}` as DeviceId
  return free
}

function inOrder(devices: readonly Device[]): readonly Device[] {
  return devices
    .toSorted((a, b) => {
      const remote = Number(a.backend === 'rpc') - Number(b.backend === 'rpc')
      if (remote !== 0) return remote
      if (a.pciBusId === undefined || b.pciBusId === undefined) {
        return Number(a.pciBusId === undefined) - Number(b.pciBusId === undefined)
      }
      return comparePci(a.pciBusId, b.pciBusId)
    })
    .map((device, index) => ({ ...device, index }))
}
