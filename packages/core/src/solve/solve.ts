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
  const { unknown, machine, model } = input
  const candidates = input.candidates?.length ? input.candidates : [{ id: model.name, model: () => model }]
  const relying = (mayRelyOnHost: boolean): Solution =>
    unknowns[unknown].solve({ trials: newTrials(input, mayRelyOnHost), candidates })
  const onDevices = relying(false)
  return onDevices.solved || machine.hostMemoryTotal === undefined ? onDevices : relying(true)
}
