import { inventoryOf, reservedBy } from '@berth/core'
import type { JudgedPlan } from './drift.ts'
import type { Snapshot } from './repository.ts'

/** What a plan that fits relies on and needs; one that does not relies on nothing. */
export function snapshotOf({ machine, result }: Pick<JudgedPlan, 'machine' | 'result'>): Snapshot | null {
  if (!result.fits) return null
  return { inventory: inventoryOf(machine, result.best), memory: reservedBy(result.best) }
}
