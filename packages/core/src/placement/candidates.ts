import type { Device } from '../machine/machine.ts'
import { deviceGroups } from './device-groups.ts'
import { benchOf, type Family, newSearch, onDevices, partlyOnHost, type Search } from './families.ts'
import { fastestOf } from './fastest-of.ts'
import { headroomBound, leastCount, leftInAll, leftOnHost } from './headroom-bound.ts'
import { type Judged, type Workplace, isAccepted } from './judge.ts'
import { withPartOfExperts } from './partial-experts.ts'
import { deviceRoom, freeOf } from './room.ts'
import { anyFitting, comparedSplits, fitsDevices, widestGuess, widestSplit } from './search/best-splits.ts'
import { widestShares } from './tensor-shares.ts'

/**
 * all: everything worth comparing. widest: the split with the most left on its tightest device. answer: enough to say yes
 * or no, and by how much.
 */
export interface Thoroughness {
  readonly compare: 'all' | 'widest' | 'answer'
  /** Whether layers or experts may be left on the host. */
  readonly mayRelyOnHost: boolean
  /** Compares splits over every number of devices. */
  readonly everyCount?: boolean
  /** Looks for the fastest generation too, over every kind. */
  readonly fastest?: boolean
}

/** Counts that a search over them may replay; each replay teaches it more, so two or three do. */
const MOST_COUNTS = 8

/**
 * Judged placements, the dearest kind last, and of no kind dearer than the first that fits: all on devices; all on devices
 * without pipeline parallelism; experts of the first blocks on the host, of the last of them only in part; the first
 * blocks on the host; both; all on devices but the cache. The fastest is looked for in all of them.
 */
export function candidates(workplace: Workplace, thoroughness: Thoroughness): readonly Judged[] {
  // Layers cut over all devices leave no choice of what goes to the host.
  if (workplace.settings.splitMode === 'tensor') return searchesOf(workplace).flatMap(tensorSplit)
  const families = familiesOf(workplace, thoroughness)
  const gathered: Judged[] = []
  for (const alike of families) {
    for (const family of alike) gathered.push(...judgedOf(family, thoroughness))
    if (gathered.some(isAccepted)) break
  }
  return thoroughness.fastest ? [...gathered, ...fastestOf(families.flat())] : gathered
}

/**
 * What no placement leaves more than on its tightest place, without any replay; negative where nothing fits. Infinite where
 * layers are cut over all devices: nothing is known then. Of an engine that places them itself, what all places have left.
 */
export function bestHeadroom(workplace: Workplace, thoroughness: Thoroughness): number {
  if (workplace.settings.splitMode === 'tensor') return Infinity
  if (workplace.engine.controls.placesItself) return leftInAll(workplace)
  return Math.max(...familiesOf(workplace, thoroughness).flat().map(headroomBound))
}

const searchesOf = (workplace: Workplace): readonly Search[] =>
  deviceGroups(workplace.machine, workplace.engine).map((devices) => newSearch(workplace, devices))

/** By kind, the dearest last; one a group of devices. */
function familiesOf(workplace: Workplace, { mayRelyOnHost }: Thoroughness): readonly (readonly Family[])[] {
  const searches = searchesOf(workplace)
  const kinds = [...onDevices, ...(mayRelyOnHost ? partlyOnHost : [])]
  return kinds.map((kind) => searches.flatMap((search) => kind(search) ?? []))
}

function judgedOf(family: Family, { compare, everyCount }: Thoroughness): readonly Judged[] {
  if (family.most === 0) {
    const bench = benchOf(family, 0)
    if (compare === 'all' && !family.lastResort) return comparedSplits(bench, everyCount)
    return [(compare === 'answer' ? anyFitting : widestSplit)(bench)].filter((judged) => judged !== undefined)
  }
  const found = fewestThatFit(family, compare)
  if (compare === 'answer') return found
  return found.map((judged) =>
    isAccepted(judged) ? (withPartOfExperts(judged, family.search.workplace) ?? judged) : judged,
  )
}

/** Over two devices and more, the roomiest first, up to all of them: each kept where it fits, or the last of all. */
function tensorSplit({ devices, workplace }: Search): readonly Judged[] {
  const { held, settings, engine } = workplace
  const room = (device: Device): number => freeOf(deviceRoom(device, held, settings))
  const roomiest = devices.toSorted((left, right) => room(right) - room(left))
  const most = Math.min(devices.length, engine.deviceLimit)
  const judged = Array.from({ length: Math.max(1, most - 1) }, (_, at) => {
    const chosen = new Set(roomiest.slice(0, Math.min(most, at + 2)))
    return widestShares(
      devices.filter((device) => chosen.has(device)),
      workplace,
    )
  })
  const fitting = judged.filter(isAccepted)
  return fitting.length > 0 ? fitting : judged.slice(-1)
}

/**
 * The widest split with the smallest count from 1 that fits the devices; the largest count's when none does. Counts are
 * compared by guesses, which never ask for more than was seen to be needed; only the chosen one is replayed. Where only
 * the answer is asked, or the host has no room for the rest, any that fits will do.
 */
function fewestThatFit(family: Family, compare: Thoroughness['compare']): readonly Judged[] {
  let nearest: Judged | undefined
  let tooFew = 0
  for (let counts = 0; counts < MOST_COUNTS; counts++) {
    const count = leastCount(tooFew, family.most, (guessed) => widestGuess(benchOf(family, guessed)) >= 0)
    const anyWillDo = compare === 'answer' || leftOnHost(family, count) < 0
    nearest = (anyWillDo ? anyFitting : widestSplit)(benchOf(family, count)) ?? nearest
    if (nearest && fitsDevices(nearest)) return [nearest]
    if (count === family.most) break
    tooFew = count
  }
  return nearest ? [nearest] : []
}
