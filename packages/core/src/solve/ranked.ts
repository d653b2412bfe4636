import type { RunRequest } from '../memory/settings.ts'
import type { FirstFitting } from './first-fitting.ts'
import type { RefusedValue, Solution, SolvedValue } from './solution.ts'
import type { Trials } from './trial.ts'

export interface RankedAnswer<Value> {
  readonly trials: Trials
  readonly found: FirstFitting<Value>
  readonly valueOf: (value: Value) => SolvedValue
  readonly requestOf: (value: Value) => Partial<RunRequest>
}

/** The first that fits in the words of its unknown. */
export function ranked<Value>({ trials, found, valueOf, requestOf }: RankedAnswer<Value>): Solution {
  const refused = found.refused && refusedValue(found.refused, valueOf)
  if (!found.best) return { solved: false, ...refused! }
  const { value, placement } = found.best
  return {
    solved: true,
    value: valueOf(value),
    request: { ...trials.input.request, ...requestOf(value) },
    placement,
    bound: refused ? { code: 'next-does-not-fit', ...refused } : { code: 'best-offered' },
  }
}

function refusedValue<Value>(
  { value, trial: { reasons, nearest } }: NonNullable<FirstFitting<Value>['refused']>,
  valueOf: RankedAnswer<Value>['valueOf'],
): RefusedValue {
  return { value: valueOf(value), reasons, ...(nearest && { nearest }) }
}
