import {
  assignedFrom,
  formulate,
  packGreedily,
  type PackGoal,
  type PlannedProblem,
  packingValues,
  type Verified,
  verified,
} from '@berth/core'
import { solveStages, type StageAnswer } from './solve-stages.ts'

export interface ExactOptions {
  readonly seconds: number
  readonly isCancelled?: () => boolean
}

export interface ExactPacking extends Verified {
  readonly stages: readonly StageAnswer<PackGoal>[]
}

/**
 * The best packing over the options of the problem, as far as the time goes, and how far from the best each goal may be.
 * Never worse than the greedy one, which it starts from.
 */
export async function packExactly(problem: PlannedProblem, options: ExactOptions): Promise<ExactPacking> {
  const formulation = formulate(problem)
  const start = packingValues(formulation, packGreedily(problem))
  const { values, stages } = await solveStages({ ...formulation, ...options, start })
  return { ...verified(problem, assignedFrom(formulation, values)), stages }
}
