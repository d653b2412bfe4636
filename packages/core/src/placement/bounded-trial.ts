import { bestHeadroom, type Thoroughness } from './candidates.ts'
import { decide, refusalsOf } from './decide.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import { type Trial, trialOf } from './remedy-trials.ts'

/**
 * Whether a run fits, and by how much. Most that are tried are far from fitting, and that costs no replay to know; what
 * the engine refuses is infinitely far.
 */
export function boundedTrial(input: PlanInput, thoroughness: Thoroughness): Trial {
  const most = refusalsOf(input).length === 0 ? bestHeadroom(workplaceOf(input), thoroughness) : -Infinity
  return most < 0 ? { headroom: most } : trialOf(decide(input, thoroughness))
}
