import type { Bytes } from '../units.ts'
import { bytes } from '../units.ts'
import type { MemoryFigures } from './machine.ts'

/**
 * What a plan may use of a device when nobody else does, in bytes: what the driver's tools report less what the driver
 * keeps, or what a process sees, whichever is less. A process's total leaves the driver's share out already. With neither
 * known, the nominal size stands in; with nothing known it is 0, so that no plan stands on a guess.
 */
export function memoryTotal({ nominal, reported, runtime, driverReserved }: MemoryFigures): Bytes {
  const kept = driverReserved?.bytes ?? 0
  const totals = [reported && reported.bytes - kept, runtime?.bytes].filter((total) => total !== undefined)
  const total = totals.length === 0 ? (nominal?.bytes ?? 0) - kept : Math.min(...totals)
  return bytes(Math.max(0, total))
}
