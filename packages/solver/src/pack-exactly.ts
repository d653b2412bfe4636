import {
  type Assigned,
  assignedFrom,
  formulate,
  type Formulation,
  packGreedily,
  type PackGoal,
  packingValues,
  type PlannedProblem,
  valueOf,
} from '@berth/core'
import { gapOf, solveStages, type StageAnswer } from './solve-stages.ts'

export interface SolverOptions {
  /** In all, planning not counted. */
  readonly seconds: number
}

export interface SolvedPacking {
  readonly assigned: readonly Assigned[]
  readonly goals: readonly StageAnswer<PackGoal>[]
}

/** An answer at once, with what it reaches of every goal; proven only where no packing at all could reach more. */
export function packAtOnce(problem: PlannedProblem): SolvedPacking {
  const formulation = formulate(problem)
  const assigned = packGreedily(problem)
  const values = packingValues(formulation, assigned)
  const goals = formulation.stages.map(({ goal, terms, limit }) => {
    const value = valueOf(terms, values)
    return { goal, value, bound: limit, gap: gapOf(value, limit), isBest: value === limit }
  })
  return { assigned, goals }
}

/**
 * The best packing over the options of the problem, as far as the time goes, and how far from the best each goal may be.
 * Never worse than the greedy one, which it starts from.
 */
export const packExactly = (problem: PlannedProblem, options: SolverOptions): Promise<SolvedPacking> =>
  solved(problem, formulate(problem), options)

/** The same for the replicas alone, wherever they lie. */
export function placeMost(problem: PlannedProblem, options: SolverOptions): Promise<SolvedPacking> {
  const formulation = formulate(problem)
  const stages = formulation.stages.filter(({ goal }) => goal.kind === 'placed')
  return solved(problem, { ...formulation, stages }, options)
}

async function solved(
  problem: PlannedProblem,
  formulation: Formulation,
  options: SolverOptions,
): Promise<SolvedPacking> {
  const start = packingValues(formulation, packGreedily(problem))
  const { values, stages } = await solveStages({ ...formulation, ...options, start })
  return { assigned: assignedFrom(formulation, values), goals: stages }
}
