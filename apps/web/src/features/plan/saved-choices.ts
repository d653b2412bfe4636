import type { LayerSplit, Machine } from '@berth/core'
import type { PlanDetail, SavedPlanInput } from '../../trpc/types.ts'
import { type EngineChoice, readEngine, writeEngine } from './engine-choice.ts'
import { countsOf, writeHandSplit } from './hand-split.ts'
import { inputsOf, modelRefOf, type PlanInputs, requestOf } from './plan-inputs.ts'

type Choices = Pick<SavedPlanInput, 'preference' | 'other'> & { readonly split?: LayerSplit }
type SavedChoices = Choices & EngineChoice

/** What a plan keeps beside its request. */
export function choicesOf(inputs: PlanInputs, split: LayerSplit | undefined): Choices {
  const other = modelRefOf({ model: inputs.other, mix: inputs.otherMix })
  const needsOther = inputs.prefer === 'room-for-another'
  return {
    // Without the other model the objective has no meaning yet; the page shows the default's order then.
    ...((!needsOther || other) && { preference: inputs.prefer }),
    ...(needsOther && other && { other: { model: other, request: requestOf(inputs) } }),
    ...(split && { split }),
  }
}

/** What the API makes a plan of, to save it or to reserve what it needs; undefined where no model is chosen. */
export function planInputOf(
  inputs: PlanInputs,
  machine: Machine,
  split: LayerSplit | undefined,
): Omit<SavedPlanInput, 'name'> | undefined {
  const model = modelRefOf(inputs)
  return (
    model && {
      model,
      machineId: machine.id,
      ...readEngine(inputs.engine),
      ...choicesOf(inputs, split),
      request: requestOf(inputs),
    }
  )
}

type Saved = Pick<PlanDetail, 'model' | 'machineId' | 'request'> & SavedChoices

/** The inputs that lead to a saved plan. */
export const savedInputs = (plan: Saved, machine: Machine): Partial<PlanInputs> => ({
  ...inputsOf(plan.request),
  model: plan.model.id,
  mix: plan.model.kind === 'catalogue' ? plan.model.mix : null,
  machine: plan.machineId,
  engine: writeEngine(plan),
  ...(plan.preference && { prefer: plan.preference }),
  ...(plan.other && {
    other: plan.other.model.id,
    otherMix: plan.other.model.kind === 'catalogue' ? plan.other.model.mix : null,
  }),
  ...(plan.split && { split: writeHandSplit(countsOf(plan.split, machine), machine) }),
})
