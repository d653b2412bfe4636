import { GIB } from '../../units.ts'
import { exl3Modules } from '../exllamav3/modules.ts'
import { exl3LoadPeak } from '../exllamav3/split.ts'
import { exl2LeastShare } from '../manual-split.ts'
import type { Exl2Format, Exl2Model } from '../model.ts'
import { exl2Modules } from '../modules.ts'
import type { Exl2Run } from './run.ts'

/** A share of the last device that is below what it has left would only look like a limit. */
const SHARE_STEPS_PER_GB = 10
/** A billionth of a GB is a byte. */
const MOST_DIGITS = 9

/**
 * Numbers for `-gs` that lead a loader to so many modules on each device: every one lies between what its device's own
 * modules ask for and what one more would, written with as few digits as that allows; the last takes all that is left.
 *
 * @param counts modules on each device, in order; together all but the embedding
 * @param free what each device may hold, in bytes
 */
export function sharesFor(
  model: Exl2Model,
  run: Exl2Run,
  { counts, free }: { readonly counts: readonly number[]; readonly free: readonly number[] },
): readonly number[] {
  const least = leastShares(model, run)
  let next = 0
  return counts.map((count, at) => {
    const [start, end] = [next, next + count]
    next = end
    const lowest = least(start, end)
    if (at < counts.length - 1) return between(lowest, least(start, end + 1), run.format)
    const left = Math.floor((free[at]! / GIB) * SHARE_STEPS_PER_GB) / SHARE_STEPS_PER_GB
    return left >= lowest ? left : Math.ceil(lowest * SHARE_STEPS_PER_GB) / SHARE_STEPS_PER_GB
  })
}

/** The least share, in GiB, that takes the modules from one to before another. */
function leastShares(model: Exl2Model, run: Exl2Run): (start: number, end: number) => number {
  if (run.format === 'exl2') {
    const modules = exl2Modules(model).slice(1)
    return (start, end) => exl2LeastShare(model, run.settings, modules.slice(start, end))
  }
  const modules = exl3Modules(model).slice(1)
  return (start, end) => exl3LoadPeak(model, run.settings, modules.slice(start, end)) / GIB
}

/**
 * A decimal, as short as can be, at least as large as one number and below another; the first itself where they are too
 * near. ExLlamaV2 counts what it knows beforehand, so any will do, best in the middle. ExLlamaV3 may take all of it, so
 * the least is best.
 */
function between(lowest: number, below: number, format: Exl2Format): number {
  const aim = format === 'exl2' ? (lowest + below) / 2 : lowest
  const write = format === 'exl2' ? Math.round : Math.ceil
  for (let digits = format === 'exl2' ? 1 : 2; digits <= MOST_DIGITS; digits++) {
    const steps = 10 ** digits
    const written = write(aim * steps) / steps
    if (written > lowest && written < below) return written
  }
  return lowest
}
