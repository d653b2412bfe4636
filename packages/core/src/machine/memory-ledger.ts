import type { DeviceId } from '../ids.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import type { Device, Machine } from './machine.ts'
import { heldInAll, heldOnDevice, heldOnHost, type MemoryHeld } from './memory-held.ts'

/** What a reservation or a saved plan asks of one place. */
export interface MemoryClaim {
  readonly id: string
  readonly name: string
  /** The host where no device is named. */
  readonly device?: DeviceId
  readonly bytes: Bytes
}

export interface ReservedClaim extends MemoryClaim {
  /** Whether it holds now; one that does not begins later. */
  readonly active: boolean
}

/** What is said of a machine's memory by those who want it. */
export interface MemoryClaims {
  /** Reservations that hold or will. */
  readonly reserved: readonly ReservedClaim[]
  /** Needs of saved plans: they hold nothing. */
  readonly planned: readonly MemoryClaim[]
}

/** One place's memory: reserved is promised, planned holds nothing, measured is what a tool read. Never one sum. */
export interface MemoryLedgerPlace {
  /** A device, or the host where none is named. */
  readonly device?: DeviceId
  /** What plans may use of it when nobody else does; absent where nobody knows. */
  readonly capacity?: Bytes
  /** What the team and the driver keep beside that. */
  readonly keptByPolicy: Bytes
  readonly keptByDriver: Bytes
  /** Absent where it was never measured. */
  readonly measured?: Bytes
  /** The part of `measured` that no reservation accounts for. */
  readonly measuredBeside: Bytes
  readonly reserved: { readonly now: Bytes; readonly peak: Bytes; readonly by: readonly ReservedClaim[] }
  readonly planned: { readonly bytes: Bytes; readonly by: readonly MemoryClaim[] }
  readonly free: {
    /** When it was measured, whoever used it then; absent where it was not. */
    readonly now?: Bytes
    /** Once all that is promised from now on is taken; negative where more is held than there is. */
    readonly afterReserved?: Bytes
  }
}

/** Every device of the machine in its order, then the host. */
export const memoryLedger = (machine: Machine, claims: MemoryClaims): readonly MemoryLedgerPlace[] => [
  ...machine.devices.map((device) => deviceLedger(device, claims)),
  hostLedger(machine, claims),
]

function deviceLedger(device: Device, claims: MemoryClaims): MemoryLedgerPlace {
  const { memory } = device
  return {
    device: device.id,
    keptByPolicy: memory.policyReserved?.bytes ?? bytes(0),
    keptByDriver: memory.driverReserved?.bytes ?? bytes(0),
    ...figures({ capacity: device.memoryTotal, measured: device.memoryUsed, held: heldOnDevice(device) }),
    ...claimed(device.id, heldOnDevice(device), claims),
  }
}

function hostLedger(machine: Machine, claims: MemoryClaims): MemoryLedgerPlace {
  const held = heldOnHost(machine)
  return {
    keptByPolicy: bytes(0),
    keptByDriver: bytes(0),
    ...figures({ capacity: machine.hostMemoryTotal, measured: machine.hostMemoryUsed, held }),
    ...claimed(undefined, held, claims),
  }
}

interface Read {
  readonly capacity: Bytes | undefined
  readonly measured: Bytes | undefined
  readonly held: MemoryHeld
}

function figures({ capacity, measured, held }: Read) {
  const measuredBeside = held.used
  if (capacity === undefined) return { ...(measured !== undefined && { measured }), measuredBeside, free: {} }
  const afterReserved = bytes(capacity - heldInAll(held))
  if (measured === undefined) return { capacity, measuredBeside, free: { afterReserved } }
  return {
    ...{ capacity, measured, measuredBeside },
    free: { now: bytes(Math.max(0, capacity - measured)), afterReserved },
  }
}

function claimed(device: DeviceId | undefined, held: MemoryHeld, { reserved, planned }: MemoryClaims) {
  const isHere = (claim: MemoryClaim): boolean => claim.device === device && claim.bytes > 0
  const [promises, plans] = [reserved.filter(isHere), planned.filter(isHere)]
  const now = sumBytes(promises.filter(({ active }) => active).map((claim) => claim.bytes))
  return {
    reserved: { now, peak: held.reserved ?? bytes(0), by: promises },
    planned: { bytes: sumBytes(plans.map((claim) => claim.bytes)), by: plans },
  }
}
