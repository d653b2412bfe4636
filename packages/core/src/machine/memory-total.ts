import type { Bytes } from '../units.ts'
import { bytes } from '../units.ts'
import type { Device, MemoryFigures } from './machine.ts'

/**
 * What a plan may use of a device when nobody else does, in bytes: what the driver's tools report less what the driver
 * keeps, or what a process sees, whichever is less. A process's total leaves the driver's share out already. With neither
 * known, the nominal size stands in; with nothing known it is 0, so that no plan stands on a guess. What the team keeps
 * back comes off last.
 */
export function memoryTotal(figures: MemoryFigures): Bytes {
  return bytes(Math.max(0, withoutPolicy(figures) - (figures.policyReserved?.bytes ?? 0)))
}

function withoutPolicy({ nominal, reported, runtime, driverReserved }: MemoryFigures): number {
  const kept = driverReserved?.bytes ?? 0
  const totals = [reported && reported.bytes - kept, runtime?.bytes].filter((total) => total !== undefined)
  return Math.max(0, totals.length === 0 ? (nominal?.bytes ?? 0) - kept : Math.min(...totals))
}

/** What an engine may use: it knows nothing of what the team keeps back. */
export function memoryForEngine({ memory, memoryTotal: planned }: Pick<Device, 'memory' | 'memoryTotal'>): Bytes {
  const kept = memory.policyReserved?.bytes ?? 0
  // A reserve larger than the device leaves 0 for plans, whatever the device has.
  return planned > 0 ? bytes(planned + kept) : kept > 0 ? bytes(withoutPolicy(memory)) : planned
}
