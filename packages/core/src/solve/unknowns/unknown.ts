import type { MixCandidate, Solution } from '../solution.ts'
import type { Trials } from '../trial.ts'

export interface Question {
  readonly trials: Trials
  readonly candidates: readonly MixCandidate[]
}

/** One thing that a plan may leave open: how its values are ordered and tried. */
export interface Unknown {
  readonly solve: (question: Question) => Solution
}
