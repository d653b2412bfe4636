import { benchOf, type Family } from './families.ts'
import type { Judged } from './judge.ts'
import { withPartOfExperts } from './partial-experts.ts'
import type { Bench } from './search/bench.ts'
import { fitsDevices } from './search/best-splits.ts'
import { hostTicks, leastTicks } from './search/ticks.ts'

/** Replays that one shape may cost; each rules out what it asked for, so a few do. */
const MOST_REPLAYS = 256

interface Found {
  readonly judged: Judged
  readonly ticks: number
  readonly family: Family
}

/**
 * The placement that generates fastest of all shapes of these families, and the same with the last experts only in part on
 * the host; none where nothing fits. A shape is searched only where it could be faster than what is known.
 */
export function fastestOf(families: readonly Family[]): readonly Judged[] {
  let best: Found | undefined
  for (const family of families) {
    for (let count = Math.min(1, family.most); count <= family.most; count++) {
      const shape = family.shape(count)
      // Without pipeline parallelism prompts are slower: only where nothing fits with it.
      if (best && !shape.pipeline) continue
      const seconds = family.search.seconds(true)
      if (best && leastTicks(seconds, shape) >= best.ticks) continue
      best = fastestOfShape(family, benchOf(family, count), best?.ticks ?? Infinity) ?? best
    }
  }
  if (!best) return []
  const part = withPartOfExperts(best.judged, best.family.search.workplace)
  return part ? [best.judged, part] : [best.judged]
}

/** The fastest split of one shape that breaks no rule, if it takes less than `limit`. */
function fastestOfShape(family: Family, bench: Bench, limit: number): Found | undefined {
  // Flash attention never takes longer; what `auto` comes to is known after a replay.
  let flashAttention = family.search.workplace.settings.flashAttention !== 'off'
  for (let replays = 0; replays < MOST_REPLAYS; replays++) {
    const seconds = family.search.seconds(flashAttention)
    const split = bench.fastest(seconds)
    const ticks = (split?.ticks ?? Infinity) + hostTicks(seconds, bench.shape)
    if (!split || ticks >= limit) return undefined
    const judged = bench.judge(split)
    const isAsThought = judged.placement.flashAttention === flashAttention
    flashAttention = judged.placement.flashAttention
    if (!fitsDevices(judged) || !isAsThought) continue
    // What the host lacks it lacks however the devices share the rest.
    return judged.reasons.length === 0 ? { judged, ticks, family } : undefined
  }
  return undefined
}
