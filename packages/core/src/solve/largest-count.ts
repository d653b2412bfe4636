import { leastCount } from '../placement/headroom-bound.ts'
import { largestFitting } from '../placement/search/largest-fitting.ts'
import type { Placement } from '../placement/verdict.ts'
import type { Change, FixedTrial, Trial, Trials } from './trial.ts'
import { tightestHeadroom } from '../placement/rank.ts'

export interface CountProblem {
  readonly trials: Trials
  /** The value that so many stand for; counted from one. */
  readonly change: (count: number) => Change
  readonly most: number
  /** Bytes that a place may need less with a larger count than it does here: zero where more never needs less. */
  readonly fall: (nearest: Placement) => number
}

type NoFit = Extract<Trial, { readonly fits: false }>

interface Fitting {
  readonly count: number
  readonly placement: Placement
}

export interface LargestCount {
  /** Absent where no count fits. */
  readonly best?: Fitting
  /** What comes of one more; absent where the best is the most. */
  readonly next?: NoFit
}

/** A gap of this share of what fits is halved before it is closed from below. */
const WIDE = 1 / 8

/**
 * The largest count that fits, as if every one had been planned. A split that fits is followed as far as it goes, which
 * is cheap; then all splits are searched for one more, until there is none. Buffers are packed by best fit and may shrink
 * as what they hold grows, so counts further up are tried as well, up to one that lacks more than `fall`.
 */
export function largestCount(problem: CountProblem): LargestCount {
  const counting = newCounting(problem)
  const { at, ceiling, most } = counting
  let best = narrowed(counting)
  while (best?.count !== ceiling) {
    const larger = nextThatFits(counting, best?.count ?? 0)
    if (!larger) break
    best = asFarAsItGoes(counting, larger, { count: ceiling })
  }
  if (best?.count === most) return { best }
  const next = at((best?.count ?? 0) + 1)
  return { ...(best && { best }), ...(!next.fits && { next }) }
}

interface Counting extends CountProblem {
  readonly at: (count: number) => Trial
  /** The last count of which there is hope. */
  readonly ceiling: number
}

function newCounting(problem: CountProblem): Counting {
  const { trials, change, most } = problem
  const known = new Map<number, Trial>()
  const at = (count: number): Trial => {
    const trial = known.get(count) ?? trials.at(change(count))
    known.set(count, trial)
    return trial
  }
  return { ...problem, at, ceiling: lastHopeful(most, (count) => !trials.isHopeless(change(count))) }
}

/** At least one. Hope ends once and for all. */
function lastHopeful(most: number, hasHope: (count: number) => boolean): number {
  return hasHope(most) ? most : Math.max(1, leastCount(1, most, (count) => !hasHope(count)) - 1)
}

/** From the ceiling down: the split that lacks least with too many suits large counts best, and fits with fewer. */
function narrowed(counting: Counting): Fitting | undefined {
  const { at, ceiling } = counting
  let best: Fitting | undefined
  for (let count = ceiling; ;) {
    const trial = at(count)
    if (trial.fits) return asFarAsItGoes(counting, { count, placement: trial.placement }, { count: ceiling })
    best = trial.nearest ? reached(counting, trial.nearest, { from: best, count }) : best
    if (!best || count - best.count <= Math.max(1, best.count * WIDE)) return best
    count = Math.floor((best.count + count) / 2)
  }
}

/** Known not to fit with a split; its headroom there, where that is known. */
interface Beyond {
  readonly count: number
  readonly headroom?: number
}

function reached(
  counting: Counting,
  nearest: Placement,
  { from, count }: { readonly from: Fitting | undefined; readonly count: number },
): Fitting | undefined {
  const least = (from?.count ?? 0) + 1
  if (least >= count) return from
  const { placement } = counting.trials.along(nearest, counting.change(least))
  if (!placement) return from
  return asFarAsItGoes(counting, { count: least, placement }, { count, headroom: tightestHeadroom(nearest) })
}

/** The largest count that this split fits, where more never needs less; at any rate one that it fits. */
function asFarAsItGoes({ trials, change }: Counting, from: Fitting, beyond: Beyond): Fitting {
  const { count: least, placement } = from
  if (least >= beyond.count) return from
  const known = { placement, headroom: tightestHeadroom(placement) }
  const at = (count: number): FixedTrial => (count === least ? known : trials.along(placement, change(count)))
  const headroomAtMost = beyond.headroom ?? at(beyond.count).headroom
  const found = largestFitting({ least, most: beyond.count, at, headroomAtMost })
  return found ? { count: found.count, placement: found.trial.placement! } : from
}

/** The first count above that fits, as far as it may be that one does. */
function nextThatFits({ at, ceiling, fall }: Counting, above: number): Fitting | undefined {
  for (let count = above + 1; count <= ceiling; count++) {
    const trial = at(count)
    if (trial.fits) return { count, placement: trial.placement }
    if (!trial.nearest || -tightestHeadroom(trial.nearest) > fall(trial.nearest)) return undefined
  }
  return undefined
}
