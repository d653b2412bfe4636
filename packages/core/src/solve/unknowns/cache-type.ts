import type { CachePair } from '../../engines/engine.ts'
import type { CacheType } from '../../memory/settings.ts'
import { deviceGroups } from '../../placement/device-groups.ts'
import type { PlanInput } from '../../placement/plan-input.ts'
import { firstFitting } from '../first-fitting.ts'
import { ranked } from '../ranked.ts'
import type { Unknown } from './unknown.ts'

/**
 * From what keeps most of a value to what keeps least. F32 and BF16 are left out: F16 keeps as much of keys and values, in
 * half the room or without being converted.
 */
const finest = ['f16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'iq4_nl', 'q4_0'] as const satisfies readonly CacheType[]

const coarseness = (type: CacheType): number => finest.findIndex((one) => one === type)

/** The finest pair of cache types, of those that the engine runs without converting the cache for every token. */
export const cacheType: Unknown = {
  solve: ({ trials }) => {
    const values = pairsFor(trials.input)
    const found = firstFitting({ trials, values, change: (request) => ({ request }) })
    return ranked({
      trials,
      found,
      valueOf: (pair) => ({ unknown: 'cache-type', ...pair }),
      requestOf: (pair) => pair,
    })
  },
}

/** What every device that may be used can run, the finest first. */
function pairsFor({ machine, engine, model, request }: PlanInput): readonly CachePair[] {
  const backends = [
    ...new Set(
      deviceGroups(machine, engine)
        .flat()
        .map(({ backend }) => backend),
    ),
  ]
  const runs = backends.map((backend) => engine.cachePairs(model, request, backend))
  const pairs = finest
    .flatMap((cacheTypeK) => finest.map((cacheTypeV): CachePair => ({ cacheTypeK, cacheTypeV })))
    .filter((pair) => runs.every((list) => list.some((one) => isSame(one, pair))))
  const swapped = ({ cacheTypeK, cacheTypeV }: CachePair): CachePair => ({
    cacheTypeK: cacheTypeV,
    cacheTypeV: cacheTypeK,
  })
  // Keys lose more than values by being quantized: never the coarser ones where it may be the other way round.
  return pairs.filter((pair) => keysAreFiner(pair) || !pairs.some((one) => isSame(one, swapped(pair)))).toSorted(byLoss)
}

const isSame = (left: CachePair, right: CachePair): boolean =>
  left.cacheTypeK === right.cacheTypeK && left.cacheTypeV === right.cacheTypeV

const keysAreFiner = ({ cacheTypeK, cacheTypeV }: CachePair): boolean =>
  coarseness(cacheTypeK) <= coarseness(cacheTypeV)

/**
 * The coarser of the two decides, then the keys: the order of the divergences that were measured when llama.cpp got its
 * quantized cache (pull request 7412).
 */
const byLoss = (left: CachePair, right: CachePair): number =>
  coarser(left) - coarser(right) ||
  coarseness(left.cacheTypeK) - coarseness(right.cacheTypeK) ||
  coarseness(left.cacheTypeV) - coarseness(right.cacheTypeV)

const coarser = ({ cacheTypeK, cacheTypeV }: CachePair): number =>
  Math.max(coarseness(cacheTypeK), coarseness(cacheTypeV))
