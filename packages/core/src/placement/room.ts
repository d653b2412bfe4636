import type { DeviceId } from '../ids.ts'
import type { Device, Machine } from '../machine/machine.ts'
import { heldOnDevice, heldOnHost, type MemoryHeld } from '../machine/memory-held.ts'
import { memoryForEngine } from '../machine/memory-total.ts'
import { driverContext } from '../memory/driver-context.ts'
import type { RunRequest } from '../memory/settings.ts'
import { type Bytes, bytes } from '../units.ts'

/** What other tenants hold. A device that is not named holds what is reserved and what was last measured on it. */
export interface HeldMemory {
  readonly devices?: ReadonlyMap<DeviceId, Bytes>
  readonly host?: Bytes
}

/** Memory of one place before a plan: what it has, what others hold of it, what must stay free. */
export interface Room extends MemoryHeld {
  readonly capacity: Bytes
  readonly margin: Bytes
}

export const deviceRoom = (device: Device, held: HeldMemory, { margin, deviceMargins }: RunRequest): Room => ({
  capacity: device.memoryTotal,
  ...given(held.devices?.get(device.id), heldOnDevice(device)),
  margin: deviceMargins?.[device.index] ?? margin,
})

/** Undefined where no tool says what the host holds. The margin is kept free here as well as on the devices. */
export function hostRoom(machine: Machine, held: HeldMemory, { margin }: RunRequest): Room | undefined {
  if (machine.hostMemoryTotal === undefined) return undefined
  return { capacity: machine.hostMemoryTotal, ...given(held.host, heldOnHost(machine)), margin }
}

/** What a caller says is held is all that is. */
const given = (used: Bytes | undefined, known: MemoryHeld): MemoryHeld => (used === undefined ? known : { used })

export const freeOf = ({ capacity, used, reserved = bytes(0), margin }: Room): Bytes =>
  bytes(capacity - used - reserved - margin)

/** Free on all of these together; what one lacks takes nothing from the others. */
export const freeInAll = (devices: readonly Device[], held: HeldMemory, request: RunRequest): number =>
  devices.reduce((sum, device) => sum + Math.max(0, freeOf(deviceRoom(device, held, request))), 0)

/** What an engine knows nothing of. */
export const NO_MARGIN = { margin: bytes(0), deviceMargins: [] } as const

/** A process has its own driver context by the time it asks what is free, and knows nothing of a margin or a reserve. */
export function freeToProcess(device: Device, held: HeldMemory, request: RunRequest): Bytes {
  const seen = { ...device, memoryTotal: memoryForEngine(device) }
  const room = deviceRoom(seen, held, { ...request, ...NO_MARGIN })
  return bytes(Math.max(0, freeOf(room) - driverContext(device).bytes))
}
