import type { Solution, SolveInput } from './solution.ts'
import { newTrials } from './trial.ts'
import { unknowns } from './unknowns/index.ts'

/**
 * The best value of the one thing that a plan leaves open, with a placement that holds it and what keeps it from being
 * better: everything on devices where any value allows that, else with the host's help. Of an engine that places layers
 * itself, only the former is exact: it may leave too little for a small context and enough for a large one once it uses
 * the host, so there the value fits and the next does not, but one further up may.
 */
export function solve(input: SolveInput): Solution {
  const onDevices = solveOnDevices(input)
  return onDevices.solved || input.machine.hostMemoryTotal === undefined ? onDevices : relying(input, true)
}

/** The same with everything on devices, whatever the host could hold. */
export const solveOnDevices = (input: SolveInput): Solution => relying(input, false)

function relying(input: SolveInput, mayRelyOnHost: boolean): Solution {
  const { unknown, model } = input
  const candidates = input.candidates?.length ? input.candidates : [{ id: model.name, model: () => model }]
  return unknowns[unknown].solve({ trials: newTrials(input, mayRelyOnHost), candidates })
}
