import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { plansOn, type PlanFilter } from './repository.ts'

const SHOWN = 10

/** @throws {ApiError} `in-use`, naming the plans that stand in the way. */
export async function requireUnused(db: Queries, teamId: string, filter: PlanFilter): Promise<void> {
  const plans = await plansOn(db, teamId, filter)
  if (plans.length === 0) return
  const names = plans.slice(0, SHOWN).map(({ name }) => name)
  throw new ApiError('in-use', `${plans.length} saved plans refer to it: ${names.join(', ')}.`, {
    data: { plans: plans.slice(0, SHOWN), count: plans.length },
  })
}
