import type { Machine } from '@berth/core'
import { paths } from '../../paths.ts'
import type { PlanDetail } from '../../trpc/types.ts'
import { type PlanInputs, writePlanInputs } from './plan-inputs.ts'
import { savedInputs } from './saved-choices.ts'

/** The planner with some inputs set. */
export const plannerPathFor = (inputs: Partial<PlanInputs>): string => paths.plan(writePlanInputs(inputs))

/** The planner with a saved plan's inputs, and a change of them. */
export const plannerPathOf = (plan: PlanDetail, machine: Machine, change: Partial<PlanInputs> = {}): string =>
  plannerPathFor({ ...savedInputs(plan, machine), ...change })
