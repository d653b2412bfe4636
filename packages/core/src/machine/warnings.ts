import type { DeviceId } from '../ids.ts'
import { type Link, type PciePath, type PeerRefusal, peerRefusal } from './link.ts'
import type { Device, Machine } from './machine.ts'
import { fastestInterface } from './network.ts'

export type DevicePair = readonly [DeviceId, DeviceId]

/** Paths that leave a PCIe host bridge, the farther first. */
const farPaths = ['SYS', 'NODE'] as const satisfies readonly PciePath[]
type FarPath = (typeof farPaths)[number]

/** What of a machine costs speed or memory and is easily overlooked; explain.ts makes the sentences. */
export type MachineWarning =
  | { readonly code: 'slot-narrower'; readonly device: DeviceId; readonly width: number; readonly widthMax: number }
  | {
      readonly code: 'power-capped'
      readonly device: DeviceId
      readonly limitWatts: number
      readonly defaultWatts: number
    }
  | { readonly code: 'display-attached'; readonly device: DeviceId }
  | { readonly code: 'peer-access-off'; readonly because: PeerRefusal; readonly pairs: readonly DevicePair[] }
  | { readonly code: 'far-path'; readonly path: FarPath; readonly pairs: readonly DevicePair[] }
  | {
      readonly code: 'network-slow'
      readonly devices: readonly DeviceId[]
      readonly interface: string
      readonly bitsPerSecond: number
    }
  | { readonly code: 'network-unknown'; readonly devices: readonly DeviceId[] }

/**
 * Below it a device of another host waits more than it works: 512 tokens of a model of 8,192 channels are 16 MiB, which
 * 1 Gbit/s carries in 134 ms and 10 Gbit/s in 13.
 */
const NETWORK_ENOUGH = 10e9

/** Device by device, then pair by pair, then the network. */
export const machineWarnings = (machine: Machine): readonly MachineWarning[] => [
  ...machine.devices.flatMap(deviceWarnings),
  ...peerWarnings(machine.links),
  ...farPaths.flatMap((path) => farWarnings(path, machine.links)),
  ...networkWarnings(machine),
]

/** Of one device by itself. */
export function deviceWarnings(device: Device): readonly MachineWarning[] {
  const { id, pcie, powerLimitWatts, powerDefaultWatts, displayAttached } = device
  const warnings: MachineWarning[] = []
  // Of generations nothing is said: a card at rest shows a lower one than it runs at.
  if (pcie?.width !== undefined && pcie.widthMax !== undefined && pcie.width < pcie.widthMax) {
    warnings.push({ code: 'slot-narrower', device: id, width: pcie.width, widthMax: pcie.widthMax })
  }
  if (powerLimitWatts !== undefined && powerDefaultWatts !== undefined && powerLimitWatts < powerDefaultWatts) {
    warnings.push({
      code: 'power-capped',
      device: id,
      limitWatts: powerLimitWatts,
      defaultWatts: powerDefaultWatts,
    })
  }
  if (displayAttached) warnings.push({ code: 'display-attached', device: id })
  return warnings
}

const pairOf = ({ from, to }: Link): DevicePair => [from, to]

/** A line a reason. */
function peerWarnings(links: readonly Link[]): readonly MachineWarning[] {
  const refused = new Map<PeerRefusal, DevicePair[]>()
  for (const link of links) {
    const because = peerRefusal(link)
    if (because !== undefined) refused.set(because, [...(refused.get(because) ?? []), pairOf(link)])
  }
  return [...refused].map(([because, pairs]) => ({ code: 'peer-access-off', because, pairs }))
}

function farWarnings(path: FarPath, links: readonly Link[]): readonly MachineWarning[] {
  const pairs = links.filter(({ kind }) => kind === path).map(pairOf)
  return pairs.length === 0 ? [] : [{ code: 'far-path', path, pairs }]
}

function networkWarnings(machine: Machine): readonly MachineWarning[] {
  const devices = machine.devices.filter(({ backend }) => backend === 'rpc').map(({ id }) => id)
  if (devices.length === 0) return []
  const fastest = fastestInterface(machine)
  if (fastest === undefined) return [{ code: 'network-unknown', devices }]
  const { name, bitsPerSecond } = fastest
  return bitsPerSecond >= NETWORK_ENOUGH ? [] : [{ code: 'network-slow', devices, interface: name, bitsPerSecond }]
}
