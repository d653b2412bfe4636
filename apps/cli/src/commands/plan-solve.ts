import { plan, solve, type SolveInput, type Verdict } from '@berth/core'
import type { Answer } from '../answer.ts'
import type { CandidateRead } from '../input/candidates.ts'
import type { FileRead } from '../input/model.ts'

/** What is asked of one machine, with one thing left open. */
export interface SolveQuestion extends Omit<SolveInput, 'candidates'> {
  readonly candidates: readonly CandidateRead[]
}

/** The best value, and the answer about a plan with it; where nothing fits, about the plan as it was asked. */
export function solvedAnswer(
  input: SolveQuestion,
  answerOf: (verdict: Verdict, chosen: FileRead | undefined) => Answer,
): Answer {
  const solution = solve(input)
  if (!solution.solved) return { ...answerOf(plan(input), undefined), solution }
  const { value, request } = solution
  const chosen = value.unknown === 'mix' ? input.candidates.find(({ id }) => id === value.candidate)?.read() : undefined
  const verdict = plan({ ...input, request, ...(chosen && { model: chosen.model }) })
  return { ...answerOf(verdict, chosen), solution, ...(chosen && { model: chosen.model }) }
}
