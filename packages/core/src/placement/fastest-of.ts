import { benchOf, type Family } from './families.ts'
import { type Judged, isAccepted } from './judge.ts'
import { withPartOfExperts } from './partial-experts.ts'
import type { Bench } from './search/bench.ts'
import type { Effort } from './search/fastest.ts'
import { fitsDevices } from './search/best-splits.ts'
import { hostTicks, leastTicks } from './search/ticks.ts'

/**
 * Splits over devices alone cost some thousand steps and a few replays, however unequal eight devices are. Shares of the
 * host, of which there are as many as blocks, may cost far more: no plan is to take seconds for a better one of them.
 */
const MOST_EFFORT: Effort = { steps: 2_000_000, replays: 48 }

interface Found {
  readonly judged: Judged
  readonly ticks: number
  readonly family: Family
}

interface Beyond {
  /** Ticks that are known to be reached. */
  readonly limit: number
  readonly effort: Effort
}

/**
 * The placement that generates fastest of all shapes of these families, and the same with the last experts only in part on
 * the host; none where nothing fits. A shape is searched only where it could be faster than what is known. Exact over all
 * contiguous splits of these shapes, unless the effort runs out, which it does on large models that need the host only.
 */
export function fastestOf(families: readonly Family[]): readonly Judged[] {
  const effort = { ...MOST_EFFORT }
  let best: Found | undefined
  for (const family of families) {
    for (let count = Math.min(1, family.most); count <= family.most; count++) {
      const shape = family.shape(count)
      // Without pipeline parallelism prompts are slower: only where nothing fits with it.
      if (best && !shape.pipeline) continue
      const seconds = family.search.seconds(true)
      if (best && leastTicks(seconds, shape) >= best.ticks) continue
      const beyond = { limit: best?.ticks ?? Infinity, effort }
      best = fastestOfShape(family, benchOf(family, count), beyond) ?? best
    }
  }
  if (!best) return []
  const part = withPartOfExperts(best.judged, best.family.search.workplace)
  return part ? [best.judged, part] : [best.judged]
}

/** The fastest split of one shape that breaks no rule, if it takes less than `limit`. */
function fastestOfShape(family: Family, bench: Bench, { limit, effort }: Beyond): Found | undefined {
  // Flash attention never takes longer; what `auto` comes to is known after a replay.
  let flashAttention = family.search.workplace.settings.flashAttention !== 'off'
  while (effort.replays > 0 && effort.steps > 0) {
    const seconds = family.search.seconds(flashAttention)
    const split = bench.fastest(seconds, effort)
    const ticks = (split?.ticks ?? Infinity) + hostTicks(seconds, bench.shape)
    if (!split || ticks >= limit) return undefined
    effort.replays--
    const judged = bench.judge(split)
    const isAsThought = judged.placement.flashAttention === flashAttention
    flashAttention = judged.placement.flashAttention
    if (!fitsDevices(judged) || !isAsThought) continue
    // What the host lacks it lacks however the devices share the rest.
    return isAccepted(judged) ? { judged, ticks, family } : undefined
  }
  return undefined
}
