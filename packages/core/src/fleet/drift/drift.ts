import { visibleDevices } from '../../engines/visible-devices.ts'
import type { Backend, Device } from '../../machine/machine.ts'
import { isCutIntoSlices } from '../../machine/mig.ts'
import { type Bytes, bytes } from '../../units.ts'
import { type Inventory, isInMaintenance, type MachineToday, type ReliedDevice } from './inventory.ts'

/** A device by what it was called when the plan was judged. */
export type Named = Pick<Device, 'id' | 'index' | 'name'>

interface Resized {
  readonly before: Bytes
  readonly after: Bytes
}

/** A difference between what a plan relied on and what there is; explain.ts makes the sentences. */
export type DriftFinding =
  | { readonly code: 'machine-gone' }
  | { readonly code: 'machine-in-maintenance' }
  /** Absent since when where it was forgotten, or cards were cut anew. */
  | { readonly code: 'device-gone'; readonly device: Named; readonly missingSince?: string }
  /** Another card in its slot; its id is the old one's where no tool tells one from the other. */
  | { readonly code: 'device-replaced'; readonly device: Named; readonly by: Named }
  | { readonly code: 'device-cut-into-slices'; readonly device: Named }
  | ({
      readonly code: 'device-memory-less'
      readonly device: Named
      /** What it must have for the split to lie as it was judged. */
      readonly needed: Bytes
    } & Resized)
  | ({ readonly code: 'device-memory-more'; readonly device: Named } & Resized)
  | { readonly code: 'backend-changed'; readonly device: Named; readonly before: Backend; readonly after: Backend }
  /** What the driver and the engine's kernels take goes by it. */
  | {
      readonly code: 'architecture-changed'
      readonly device: Named
      readonly before: string | null
      readonly after: string | null
    }
  | ({ readonly code: 'host-memory-less'; readonly needed: Bytes } & Resized)
  /** More is promised of a place than it has by now; of the host where no device is named. */
  | { readonly code: 'over-reserved'; readonly device?: Named; readonly reserved: Bytes; readonly capacity: Bytes }
  | { readonly code: 'driver-changed'; readonly before: string; readonly after: string }
  /** A command of then names devices by their places, which are other ones now. */
  | {
      readonly code: 'order-changed'
      readonly devices: readonly { readonly device: Named; readonly index: number }[]
    }

export type DriftCode = DriftFinding['code']

/** What of a plan's machine is another than when it was judged, as it stands; nothing is planned for it. */
export function driftOf(then: Inventory, now: MachineToday | undefined): readonly DriftFinding[] {
  if (now === undefined) return [{ code: 'machine-gone' }]
  return [
    ...then.devices.flatMap((device) => deviceDrift(device, then, now)),
    ...orderDrift(then, now),
    ...hostDrift(then, now),
    ...driverDrift(then, now),
    ...(isInMaintenance(now) && !then.maintenance ? [{ code: 'machine-in-maintenance' } as const] : []),
  ]
}

/** The same of a reservation: a place may have shrunk below what is promised of it to all, each of which would fit alone. */
export const promiseDriftOf = (then: Inventory, now: MachineToday | undefined): readonly DriftFinding[] => [
  ...driftOf(then, now),
  ...(now ? overReserved(then, now) : []),
]

function overReserved(then: Inventory, machine: MachineToday): readonly DriftFinding[] {
  const { hostMemoryTotal: capacity, hostMemoryReserved: reserved = bytes(0) } = machine
  const used = new Set(then.devices.map(({ id }) => id))
  return [
    ...machine.devices.flatMap((device): readonly DriftFinding[] => {
      const { memoryTotal, memoryReserved = bytes(0) } = device
      if (!used.has(device.id) || memoryReserved <= memoryTotal) return []
      return [{ code: 'over-reserved', device: named(device), reserved: memoryReserved, capacity: memoryTotal }]
    }),
    ...(then.host && capacity !== undefined && reserved > capacity
      ? [{ code: 'over-reserved', reserved, capacity } as const]
      : []),
  ]
}

const named = ({ id, index, name }: Named): Named => ({ id, index, name })

function deviceDrift(then: ReliedDevice, all: Inventory, machine: MachineToday): readonly DriftFinding[] {
  const now = machine.devices.find(({ id }) => id === then.id)
  const device = named(then)
  if (now === undefined) return [goneOrReplaced(then, all, machine)]
  return [
    ...(isOtherCard(then, now) ? [{ code: 'device-replaced', device, by: named(now) } as const] : []),
    ...(isCutIntoSlices(now, machine) ? [{ code: 'device-cut-into-slices', device } as const] : []),
    ...resized(then, now),
    ...(all.split ? runDrift(then, now) : []),
  ]
}

/** What decides how a model runs on it: bytes that were promised alone do not ask. */
function runDrift(then: ReliedDevice, now: Device): readonly DriftFinding[] {
  const device = named(then)
  return [
    ...(then.backend === now.backend
      ? []
      : [{ code: 'backend-changed', device, before: then.backend, after: now.backend } as const]),
    ...(then.architecture === now.architecture
      ? []
      : [
          {
            ...({ code: 'architecture-changed', device } as const),
            before: then.architecture ?? null,
            after: now.architecture ?? null,
          },
        ]),
  ]
}

function resized(then: ReliedDevice, { memoryTotal: after }: Device): readonly DriftFinding[] {
  const { memoryTotal: before, needed } = then
  const device = named(then)
  if (after < before) return [{ code: 'device-memory-less', device, before, after, needed }]
  return after > before ? [{ code: 'device-memory-more', device, before, after }] : []
}

/** Another card in its slot, not one that moved there; by the slot alone, since places among all cards move when one goes. */
function goneOrReplaced(
  then: ReliedDevice,
  all: Inventory,
  { devices, missingDevices = [] }: MachineToday,
): DriftFinding {
  const device = named(then)
  const known = new Set(all.devices.map(({ id }) => id))
  const by = devices.find(({ id, pciBusId }) => pciBusId !== undefined && pciBusId === then.pciBusId && !known.has(id))
  if (by) return { code: 'device-replaced', device, by: named(by) }
  const missing = missingDevices.find(({ id }) => id === then.id)
  return { code: 'device-gone', device, ...(missing && { missingSince: missing.missingSince }) }
}

/** UUIDs tell cards apart; without them another name is another card. */
const isOtherCard = (then: ReliedDevice, now: Device): boolean =>
  then.uuid === undefined || now.uuid === undefined ? then.name !== now.name : then.uuid !== now.uuid

/** A command that names cards by UUID finds them wherever they are; one that counts them finds others. */
function orderDrift(then: Inventory, { devices }: MachineToday): readonly DriftFinding[] {
  if (!then.split) return []
  const pairs = then.devices.flatMap((device) => {
    const now = devices.find(({ id }) => id === device.id)
    return now ? [{ device, index: now.index }] : []
  })
  const addressed = visibleDevices(pairs.map(({ device }) => device))
  const rightNow = visibleDevices(pairs.map(({ device, index }) => ({ ...device, index })))
  if (JSON.stringify(addressed) === JSON.stringify(rightNow)) return []
  const moved = pairs.filter(({ device, index }) => device.index !== index)
  return [{ code: 'order-changed', devices: moved.map(({ device, index }) => ({ device: named(device), index })) }]
}

function hostDrift({ host }: Inventory, { hostMemoryTotal: after }: MachineToday): readonly DriftFinding[] {
  if (host === undefined || after === undefined || after >= host.memoryTotal) return []
  return [{ code: 'host-memory-less', before: host.memoryTotal, after, needed: host.needed }]
}

/** A version that is not known is no news. */
function driverDrift({ driverVersion: before }: Inventory, now: MachineToday): readonly DriftFinding[] {
  const { driverVersion: after } = now
  if (before === undefined || after === undefined || before === after) return []
  return [{ code: 'driver-changed', before, after }]
}
