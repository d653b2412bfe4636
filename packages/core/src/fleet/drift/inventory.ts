import type { DeviceId } from '../../ids.ts'
import type { Device, Machine } from '../../machine/machine.ts'
import { heldInAll, heldOnDevice, heldOnHost } from '../../machine/memory-held.ts'
import type { LayerSplit, Placement, PlaceMemory } from '../../placement/verdict.ts'
import type { PlaceBytes } from '../../reservation/places.ts'
import { type Bytes, bytes } from '../../units.ts'

/** A machine with what a team knows of it beside its figures; what is absent is not known. */
export interface MachineToday extends Machine {
  /** Set while it is in maintenance. */
  readonly maintenance?: object | null
  /** Known, but not shown by the last import; since when, in RFC 3339. */
  readonly missingDevices?: readonly { readonly id: DeviceId; readonly missingSince: string }[]
}

/** What a split relies on of one place. */
interface ReliedPlace {
  /** What a plan could use of it when nobody else did. */
  readonly memoryTotal: Bytes
  /** What others held of it, measured and reserved. */
  readonly held: Bytes
  /** The least that it must have in all: what the split needs, what others held, and the margin. */
  readonly needed: Bytes
}

/** A device that a split uses, as it was. */
export interface ReliedDevice
  extends ReliedPlace, Pick<Device, 'id' | 'index' | 'name' | 'backend' | 'uuid' | 'pciBusId' | 'architecture'> {}

/** What a placement or a promise of bytes relied on of its machine when it was made. Plain data: it is stored and compared years later. */
export interface Inventory {
  readonly driverVersion?: string
  /** Whether it was in maintenance already. */
  readonly maintenance: boolean
  /** Those that hold something, in the order of the placement. */
  readonly devices: readonly ReliedDevice[]
  /** Absent where no tool told what the host has. */
  readonly host?: ReliedPlace
  /** What is judged again to see whether it still holds; absent where bytes were promised and no model placed. */
  readonly split?: LayerSplit
  readonly offloadKqv?: boolean
}

/** What a placement relies on of the machine that it was judged on. */
export function inventoryOf(machine: MachineToday, { memory, split, settings }: Placement): Inventory {
  const host = memory.find(({ place, capacityUnknown }) => place.kind === 'host' && !capacityUnknown)
  return {
    ...standing(machine),
    devices: memory.flatMap((place) => {
      const device = place.required > 0 ? deviceAt(place, machine) : undefined
      return device ? [reliedDevice(device, reliedPlace(place, heldInAll(heldOnDevice(device))))] : []
    }),
    ...(host && { host: reliedPlace(host, heldInAll(heldOnHost(machine))) }),
    split,
    offloadKqv: settings.offloadKqv,
  }
}

/**
 * What a promise of bytes relies on, and how a model is split over them where it is for one. It needs its bytes and no
 * more: what others hold beside it is promised to them by itself.
 */
export function inventoryOfPromise(
  machine: MachineToday,
  memory: readonly PlaceBytes[],
  split: LayerSplit | null,
): Inventory {
  const { hostMemoryTotal } = machine
  const host = memory.find(({ place }) => place.kind === 'host')
  return {
    ...standing(machine),
    devices: memory.flatMap((place) => {
      const device = deviceAt(place, machine)
      return device ? [reliedDevice(device, promised(device.memoryTotal, place))] : []
    }),
    ...(host && hostMemoryTotal !== undefined && { host: promised(hostMemoryTotal, host) }),
    ...(split && { split }),
  }
}

const promised = (memoryTotal: Bytes, { bytes: needed }: PlaceBytes): ReliedPlace => ({
  memoryTotal,
  held: bytes(0),
  needed,
})

const standing = (machine: MachineToday): Pick<Inventory, 'driverVersion' | 'maintenance'> => ({
  ...(machine.driverVersion !== undefined && { driverVersion: machine.driverVersion }),
  maintenance: isInMaintenance(machine),
})

export const isInMaintenance = ({ maintenance }: MachineToday): boolean =>
  maintenance !== undefined && maintenance !== null

const deviceAt = ({ place }: Pick<PlaceMemory, 'place'>, { devices }: Machine): Device | undefined =>
  place.kind === 'device' ? devices.find(({ id }) => id === place.device) : undefined

function reliedDevice(device: Device, place: ReliedPlace): ReliedDevice {
  const { id, index, name, backend, uuid, pciBusId, architecture } = device
  return {
    ...{ id, index, name, backend },
    ...(uuid !== undefined && { uuid }),
    ...(pciBusId !== undefined && { pciBusId }),
    ...(architecture !== undefined && { architecture }),
    ...place,
  }
}

/** Of the host the place counts as held also what devices that share its memory take: headroom has all of it in. */
const reliedPlace = ({ capacity, headroom }: PlaceMemory, held: Bytes): ReliedPlace => ({
  memoryTotal: capacity,
  held,
  needed: bytes(capacity - headroom),
})
