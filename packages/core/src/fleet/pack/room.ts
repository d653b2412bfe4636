import type { Device, Machine } from '../../machine/machine.ts'
import { heldInAll, heldOnDevice, heldOnHost } from '../../machine/memory-held.ts'
import { deviceRoom, hostRoom } from '../../placement/room.ts'
import type { PackDemand } from './problem.ts'

/** Bytes by place of a machine. */
export interface ByPlace {
  /** By position of the device. */
  readonly devices: readonly number[]
  readonly host: number
}

/**
 * What a machine has for a packing before any margin is kept: negative where others hold more than there is, infinite where
 * no tool says what the host has.
 */
export const roomOf = (machine: Machine): ByPlace => ({
  devices: machine.devices.map((device) => device.memoryTotal - heldInAll(heldOnDevice(device))),
  host: machine.hostMemoryTotal === undefined ? Infinity : machine.hostMemoryTotal - heldInAll(heldOnHost(machine)),
})

/** What a demand keeps free beside itself on each place that it uses. */
export function marginsOf({ engine, model, request }: PackDemand, machine: Machine): ByPlace {
  const settings = engine.settings(request, model)
  return {
    devices: machine.devices.map((device) => deviceRoom(device, {}, settings).margin),
    host: hostRoom(machine, {}, settings)?.margin ?? 0,
  }
}

/**
 * Equal for devices that need the same for the same part of a model: all that memory depends on, and nothing of what others
 * hold of them.
 */
export function likenessOf(device: Device): string {
  const { id: _id, index: _index, uuid: _uuid, pciBusId: _bus, memoryUsed: _used, ...known } = device
  const { memoryReserved: _reserved, memoryReservedWhenRead: _read, ...alike } = known
  return JSON.stringify(alike)
}

/** Positions of what is alike, by likeness, each list in order. */
export function alikeIn<Item>(items: readonly Item[], likeness: (item: Item) => string): ReadonlyMap<string, number[]> {
  const positions = new Map<string, number[]>()
  for (const [at, item] of items.entries()) {
    const key = likeness(item)
    positions.set(key, [...(positions.get(key) ?? []), at])
  }
  return positions
}
