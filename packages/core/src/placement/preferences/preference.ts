import type { PlanInput } from '../plan-input.ts'
import type { Placement } from '../verdict.ts'

/** What a score may ask: the plan, and how much another plan would leave on its tightest place at best. */
export interface Scoring {
  readonly input: PlanInput
  readonly headroomOf: (input: PlanInput) => number
}

/** An objective: of two placements that fit, the one that scores higher, from 0 to 1, comes first. */
export interface Preference {
  readonly name: string
  /** Compares the widest split over every number of devices, not only over few, all and the best. */
  readonly everyCount?: boolean
  readonly score: (placement: Placement, scoring: Scoring) => number
}
