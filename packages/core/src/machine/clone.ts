import { type DeviceId, deviceId } from '../ids.ts'
import type { Device, Machine, MemoryFigures, Provenance } from './machine.ts'

/**
 * Another machine of the same build. It is said to be alike and was not measured: what was measured of the first counts
 * as typed, what tells one card from another is left out (UUID), and so is what changes by the minute (memory in use).
 */
export function cloneMachine(machine: Machine, name: string): Machine {
  const { hostMemoryUsed: _used, hostMemoryReserved: _promised, hostMemoryReservedWhenRead: _then, ...built } = machine
  const ids = new Map(machine.devices.map(({ id }, at) => [id, deviceId(`clone-gpu-${at}`)]))
  // A slice names its card by UUID, or by id where it has none; a card that is not listed keeps its name.
  const cards = new Map<string, string>(
    machine.devices.flatMap((device, at) =>
      [device.id, device.uuid ?? device.id].map((key) => [key, `clone-gpu-${at}`]),
    ),
  )
  const parentOf = (card: string): string => cards.get(card) ?? card
  const idOf = (id: DeviceId): DeviceId => ids.get(id) ?? id
  return {
    ...built,
    name,
    devices: machine.devices.map((device) => cloneDevice(device, idOf(device.id), parentOf)),
    links: machine.links.map((link) => ({ ...link, from: idOf(link.from), to: idOf(link.to) })),
  }
}

function cloneDevice(device: Device, id: DeviceId, parentOf: (uuid: string) => string): Device {
  const { migParent } = device
  return { ...productOf(device), id, ...(migParent !== undefined && { migParent: parentOf(migParent) }) }
}

/** A device without what tells it from another of its kind and what changes by the minute. */
export type Product = Omit<
  Device,
  'id' | 'uuid' | 'memoryUsed' | 'memoryReserved' | 'memoryReservedWhenRead' | 'migParent'
>

export function productOf(device: Device): Product {
  const {
    id: _id,
    uuid: _uuid,
    memoryUsed: _used,
    memoryReserved: _promised,
    memoryReservedWhenRead: _then,
    migParent: _card,
    ...built
  } = device
  return { ...built, memory: untilMeasured(device.memory) }
}

const untilMeasured = (figures: MemoryFigures): MemoryFigures =>
  Object.fromEntries(
    Object.entries(figures).map(([name, { bytes, provenance }]) => [name, { bytes, provenance: saidOf(provenance) }]),
  )

const saidOf = (provenance: Provenance): Provenance => (provenance === 'measured' ? 'typed' : provenance)
