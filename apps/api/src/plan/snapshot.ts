import { inventoryOf } from '@berth/core'
import type { JudgedPlan } from './drift.ts'
import type { Snapshot } from './repository.ts'

/** What a plan that fits relies on and needs; one that does not relies on nothing. */
export function snapshotOf({ machine, result }: Pick<JudgedPlan, 'machine' | 'result'>): Snapshot | null {
  if (!result.fits) return null
  const needs = result.best.memory.filter(({ required }) => required > 0)
  return {
    inventory: inventoryOf(machine, result.best),
    memory: needs.map(({ place, required }) => ({ place, bytes: required })),
  }
}
