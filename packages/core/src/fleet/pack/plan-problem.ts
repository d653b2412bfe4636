import type { PlannedProblem } from './formulation.ts'
import { optionsOf } from './options.ts'
import { isAllowed, type PackProblem } from './problem.ts'
import { marginsOf } from './room.ts'
import type { PackMemo } from './template.ts'

/** The ways to run each demand on each machine that may hold it. */
export function planProblem(problem: PackProblem, memo: PackMemo = new Map()): PlannedProblem {
  const options = problem.machines.map((machine) =>
    problem.demands.map((demand) =>
      isAllowed(demand, machine)
        ? optionsOf({ demand, machine, memo })
        : { options: [], margins: marginsOf(demand, machine) },
    ),
  )
  return { ...problem, options }
}
