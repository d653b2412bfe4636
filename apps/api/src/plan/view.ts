import { flagOf } from '../drift/flag.ts'
import type { MachineView } from '../machine/schema.ts'
import { nameOf } from './load-model.ts'
import type { StoredPlan } from './repository.ts'
import type { PlanView } from './schema.ts'

/** A plan, and what is another on its machine than when it was saved. */
export function toView({ storedModelName, snapshot, ...plan }: StoredPlan, machine: MachineView | undefined): PlanView {
  return { ...plan, modelName: nameOf(plan.model, storedModelName), drift: flagOf(snapshot?.inventory, machine) }
}
