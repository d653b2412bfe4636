import type { Judged } from '../judge.ts'
import { leastHeadroom } from '../rank.ts'
import type { Bench } from './bench.ts'

/** Replays one goal may cost; a search that learns settles after a few. */
const MOST_REPLAYS = 256

/** What is left on the tightest device that is used. */
const tightest = ({ placement }: Judged): number => leastHeadroom(placement)

/** Whether a split fits its devices; the host is another question. */
export const fitsDevices = (judged: Judged): boolean => tightest(judged) >= 0

/** What the widest split is thought to leave, before any replay. */
export const widestGuess = (bench: Bench): number => bench.widest()?.headroom ?? -Infinity

/** The split with the most left on its tightest device: guess, replay, learn, until no guess beats the best replayed. */
export function widestSplit(bench: Bench): Judged | undefined {
  let best: Judged | undefined
  for (let replays = 0; replays < MOST_REPLAYS; replays++) {
    const split = bench.widest()
    if (!split || bench.isJudged(split) || (best && tightest(best) >= split.headroom)) return best
    const judged = bench.judge(split)
    if (!best || tightest(judged) > tightest(best)) best = judged
  }
  return best
}

/** Enough to say yes or no: the first split that fits, else the best replayed once no guess says yes. */
export function anyFitting(bench: Bench): Judged | undefined {
  let best: Judged | undefined
  for (let replays = 0; replays < MOST_REPLAYS; replays++) {
    const split = bench.widest()
    if (!split || bench.isJudged(split) || (best && split.headroom < 0)) return best
    const judged = bench.judge(split)
    if (!best || tightest(judged) > tightest(best)) best = judged
    if (fitsDevices(judged)) return judged
  }
  return best
}

/** The widest split over as few devices as can hold the model. */
function fewestDevices(bench: Bench): Judged | undefined {
  for (let replays = 0; replays < MOST_REPLAYS; replays++) {
    const split = bench.fewest()
    if (!split) return undefined
    const wasJudged = bench.isJudged(split)
    const judged = bench.judge(split)
    if (wasJudged || fitsDevices(judged)) return judged
  }
  return undefined
}

/** Every device takes part, each keeping the same share of its memory free as nearly as what was learned so far says. */
function everyDevice(bench: Bench): Judged | undefined {
  const split = bench.over('share')
  return split && bench.judge(split)
}

/** The widest split over every number of devices: guess, replay what was learned once more. */
function widestPerCount(bench: Bench): readonly Judged[] {
  for (const split of bench.perCount()) if (split) bench.judge(split)
  return bench.perCount().flatMap((split) => (split ? [bench.judge(split)] : []))
}

/** Splits worth comparing; where not even the widest fits, that alone. */
export function comparedSplits(bench: Bench, everyCount = false): readonly Judged[] {
  const best = widestSplit(bench)
  if (!best || !fitsDevices(best)) return best ? [best] : []
  const few = [fewestDevices(bench), everyDevice(bench)].filter((judged) => judged !== undefined)
  return [best, ...few, ...(everyCount ? widestPerCount(bench).filter(fitsDevices) : [])]
}
