import { type Bytes, bytes } from '../units.ts'
import type { Device, Machine } from './machine.ts'

/** What others have of a place: promised to reservations, and measured beside those. */
export interface MemoryHeld {
  /** Absent where nothing is promised. */
  readonly reserved?: Bytes
  readonly used: Bytes
}

/**
 * A reservation that runs is measured too: what reservations that still stand held at the time of the reading is taken
 * off what was measured, so that it counts once. Assumed: that they used what they held by then, and no more.
 */
export const heldOnDevice = ({ memoryUsed, memoryReserved, memoryReservedWhenRead }: DeviceFigures): MemoryHeld =>
  held(memoryUsed, memoryReserved, memoryReservedWhenRead)

/** The same of the host. */
export const heldOnHost = ({
  hostMemoryUsed,
  hostMemoryReserved,
  hostMemoryReservedWhenRead,
}: HostFigures): MemoryHeld => held(hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead)

/** Both. */
export const heldInAll = ({ reserved = bytes(0), used }: MemoryHeld): Bytes => bytes(reserved + used)

/** What no tool reads and no file carries: it follows from reservations. */
export type ReservedFigure =
  | 'memoryReserved'
  | 'memoryReservedWhenRead'
  | 'hostMemoryReserved'
  | 'hostMemoryReservedWhenRead'

type DeviceFigures = Pick<Device, 'memoryUsed' | 'memoryReserved' | 'memoryReservedWhenRead'>
type HostFigures = Pick<Machine, 'hostMemoryUsed' | 'hostMemoryReserved' | 'hostMemoryReservedWhenRead'>

const held = (measured = bytes(0), reserved = bytes(0), whenRead = bytes(0)): MemoryHeld => ({
  ...(reserved > 0 && { reserved }),
  used: bytes(Math.max(0, measured - whenRead)),
})
