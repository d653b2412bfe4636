import type { Bytes } from '../units.ts'
import { bytes } from '../units.ts'
import type { MemoryFigures } from './machine.ts'

/**
 * What a plan may use of a device when nobody else does, in bytes: the smaller of what the driver's tools report and
 * what a process sees, less what the driver keeps. With neither known, the nominal size stands in; with nothing known
 * it is 0, so that no plan stands on a guess.
 */
export function memoryTotal(figures: MemoryFigures): Bytes {
  const totals = [figures.reported?.bytes, figures.runtime?.bytes].filter((total) => total !== undefined)
  const total = totals.length === 0 ? (figures.nominal?.bytes ?? 0) : Math.min(...totals)
  return bytes(Math.max(0, total - (figures.driverReserved?.bytes ?? 0)))
}
