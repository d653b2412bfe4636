import { paths } from '../../paths.ts'
import type { PlanDetail } from '../../trpc/types.ts'
import { inputsOf, type PlanInputs, writePlanInputs } from './plan-inputs.ts'

/** The planner with some inputs set. */
export const plannerPathFor = (inputs: Partial<PlanInputs>): string => paths.plan(writePlanInputs(inputs))

/** The planner with a saved plan's inputs, and a change of them. */
export const plannerPathOf = (
  { model, machineId, request }: Pick<PlanDetail, 'model' | 'machineId' | 'request'>,
  change: Partial<PlanInputs> = {},
): string =>
  plannerPathFor({
    ...inputsOf(request),
    model: model.id,
    mix: model.kind === 'catalogue' ? model.mix : null,
    machine: machineId,
    ...change,
  })
