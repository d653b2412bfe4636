import { nameOf } from './load-model.ts'
import type { StoredPlan } from './repository.ts'
import type { PlanView } from './schema.ts'

export function toView({ storedModelName, ...plan }: StoredPlan): PlanView {
  return { ...plan, modelName: nameOf(plan.model, storedModelName) }
}
