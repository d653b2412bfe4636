import type { RunRequest } from '../memory/settings.ts'
import type { LargestCount } from './largest-count.ts'
import type { Bound, Solution, SolvedValue } from './solution.ts'
import type { Trials } from './trial.ts'

export interface CountedAnswer {
  readonly trials: Trials
  readonly found: LargestCount
  readonly valueOf: (count: number) => SolvedValue
  readonly requestOf: (count: number) => Partial<RunRequest>
  /** What ends the counting where memory does not. */
  readonly limit: Exclude<Bound['code'], 'next-does-not-fit'>
}

/** The largest count in the words of its unknown. */
export function counted({ trials, found, valueOf, requestOf, limit }: CountedAnswer): Solution {
  const { best, next } = found
  const refused = next && { reasons: next.reasons, ...(next.nearest && { nearest: next.nearest }) }
  if (!best) return { solved: false, value: valueOf(1), ...(refused ?? { reasons: [] }) }
  return {
    solved: true,
    value: valueOf(best.count),
    request: { ...trials.input.request, ...requestOf(best.count) },
    placement: best.placement,
    bound: refused ? { code: 'next-does-not-fit', value: valueOf(best.count + 1), ...refused } : { code: limit },
  }
}
