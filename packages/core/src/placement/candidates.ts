import type { Device } from '../machine/machine.ts'
import { deviceGroups } from './device-groups.ts'
import type { Judged, Workplace } from './judge.ts'
import { deviceRoom, freeOf } from './room.ts'
import { widestShares } from './tensor-shares.ts'
import { withPartOfExperts } from './partial-experts.ts'
import { anyFitting, comparedSplits, fitsDevices, widestGuess, widestSplit } from './search/best-splits.ts'
import { type Bench, newBench, type Shape } from './search/bench.ts'
import { type LayerCostTable, layerCostTable } from './search/layer-costs.ts'
import { type LearnedCompute, learnedCompute } from './search/learned-compute.ts'

interface Search {
  readonly workplace: Workplace
  readonly devices: readonly Device[]
  readonly costs: LayerCostTable
  readonly known: Map<string, Judged>
  readonly thoroughness: Thoroughness
}

/** all: everything worth comparing. answer: enough to say yes or no, and by how much. */
export interface Thoroughness {
  readonly compare: 'all' | 'answer'
  /** Whether layers or experts may be left on the host. */
  readonly mayRelyOnHost: boolean
  /** Does not stop at the first way of relying on the host that fits: which is the fastest depends on the machine. */
  readonly everyHostKind?: boolean
  /** Compares splits over every number of devices. */
  readonly everyCount?: boolean
}

const FULL: Shape = { hostBlocks: 0, expertsOnHost: 0, pipeline: true }
/** Counts that a search over them may replay; each replay teaches it more, so two or three do. */
const MOST_COUNTS = 8

/**
 * Judged placements, the dearest kind last, and unless asked for no kind dearer than the first that fits: all on devices; all on devices
 * without pipeline parallelism; experts of the first blocks on the host, of the last of them only in part; the first
 * blocks on the host; both; all on devices but the cache.
 */
export function candidates(workplace: Workplace, thoroughness: Thoroughness): readonly Judged[] {
  const costs = layerCostTable(workplace.model, workplace.settings)
  const searches = deviceGroups(workplace.machine, workplace.engine).map((devices): Search => {
    return { workplace, devices, costs, known: new Map(), thoroughness }
  })
  const gathered: Judged[] = []
  for (const kind of kindsFor(workplace, thoroughness)) {
    for (const search of searches) gathered.push(...kind(search))
    const mayGoOn = thoroughness.everyHostKind && partlyOnHost.includes(kind)
    if (!mayGoOn && gathered.some(({ reasons }) => reasons.length === 0)) break
  }
  return gathered
}

/** Layers cut over all devices leave no choice of what goes to the host. */
function kindsFor({ settings }: Workplace, { mayRelyOnHost }: Thoroughness): readonly Kind[] {
  if (settings.splitMode === 'tensor') return [tensorSplit]
  return mayRelyOnHost ? [...onDevices, ...partlyOnHost] : onDevices
}

function bench(search: Search, shape: Shape, learned: LearnedCompute): Bench {
  const { engine, settings } = search.workplace
  const isSplit = settings.splitMode !== 'none' && engine.controls.layersPerDevice
  return newBench({ ...search, shape, learned, mostDevices: isSplit ? engine.deviceLimit : 1 })
}

type Kind = (search: Search) => readonly Judged[]

function fullyOffloaded(search: Search, shape: Shape): readonly Judged[] {
  const one = bench(search, shape, learnedCompute(search.workplace.model))
  const { compare, everyCount } = search.thoroughness
  if (compare === 'all') return comparedSplits(one, everyCount)
  return [anyFitting(one)].filter((judged) => judged !== undefined)
}

/** Over two devices and more, the roomiest first, up to all of them: each kept where it fits, or the last of all. */
const tensorSplit: Kind = ({ devices, workplace }) => {
  const { held, settings, engine } = workplace
  const roomiest = devices.toSorted(
    (left, right) => freeOf(deviceRoom(right, held, settings)) - freeOf(deviceRoom(left, held, settings)),
  )
  const most = Math.min(devices.length, engine.deviceLimit)
  const judged = Array.from({ length: Math.max(1, most - 1) }, (_, at) => {
    const chosen = new Set(roomiest.slice(0, Math.min(most, at + 2)))
    return widestShares(
      devices.filter((device) => chosen.has(device)),
      workplace,
    )
  })
  const fitting = judged.filter(({ reasons }) => reasons.length === 0)
  return fitting.length > 0 ? fitting : judged.slice(-1)
}

const fullOffload: Kind = (search) => fullyOffloaded(search, FULL)

const withoutPipeline: Kind = (search) => {
  const { engine, settings } = search.workplace
  const hasPipeline = search.devices.length > 1 && settings.pipelineAllowed && settings.offloadKqv
  if (!hasPipeline || !engine.controls.pipelineOff || settings.splitMode === 'none') return []
  return fullyOffloaded(search, { ...FULL, pipeline: false })
}

const expertsOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  if (model.expertCount === 0 || !engine.controls.expertsOnHost) return []
  const found = fewestThatFit(search, model.blockCount, (count) => ({ ...FULL, expertsOnHost: count }))
  if (search.thoroughness.compare === 'answer') return found
  return found.map((judged) =>
    judged.reasons.length === 0 ? (withPartOfExperts(judged, search.workplace) ?? judged) : judged,
  )
}

const blocksOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  if (!engine.controls.blocksOnHost) return []
  return fewestThatFit(search, model.blockCount, (hostBlocks) => ({ ...FULL, hostBlocks }))
}

const blocksAndExpertsOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  const { blocksOnHost, expertsOnHost } = engine.controls
  if (model.expertCount === 0 || !blocksOnHost || !expertsOnHost) return []
  const shape = (hostBlocks: number): Shape => ({ ...FULL, hostBlocks, expertsOnHost: model.blockCount })
  return fewestThatFit(search, model.blockCount, shape)
}

/** The cache is read by the processor then, which is slow at every length: the last resort. */
const cacheOnHost: Kind = (search) => {
  const { workplace } = search
  const { settings, engine, model } = workplace
  if (!settings.offloadKqv || !engine.controls.cacheOnHost) return []
  const moved = { ...settings, offloadKqv: false }
  const elsewhere = { ...workplace, settings: moved }
  const costs = layerCostTable(model, moved)
  return fullyOffloaded({ ...search, workplace: elsewhere, costs, known: new Map() }, FULL).slice(0, 1)
}

const onDevices: readonly Kind[] = [fullOffload, withoutPipeline]
const partlyOnHost: readonly Kind[] = [expertsOnHost, blocksOnHost, blocksAndExpertsOnHost, cacheOnHost]

/**
 * The widest split with the smallest count from 1 that fits the devices; the largest count's when none does. Counts are
 * compared by guesses, which never ask for more than was seen to be needed; only the chosen one is replayed.
 */
function fewestThatFit(search: Search, most: number, shape: (count: number) => Shape): readonly Judged[] {
  const learned = learnedCompute(search.workplace.model)
  const at = (count: number): Bench => bench(search, shape(count), learned)
  let nearest: Judged | undefined
  let tooFew = 0
  for (let counts = 0; counts < MOST_COUNTS; counts++) {
    const count = leastCount(tooFew, most, (guessed) => widestGuess(at(guessed)) >= 0)
    nearest = widestSplit(at(count)) ?? nearest
    if (nearest && fitsDevices(nearest)) return [nearest]
    if (count === most) break
    tooFew = count
  }
  return nearest ? [nearest] : []
}

/** The least whole number above `tooFew` that is enough, or `most`, by bisection. */
function leastCount(tooFew: number, most: number, isEnough: (count: number) => boolean): number {
  let [low, high] = [tooFew, most]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}
