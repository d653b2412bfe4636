import type { Device } from '../machine/machine.ts'
import { deviceGroups } from './device-groups.ts'
import type { Judged, Workplace } from './judge.ts'
import { comparedSplits, fitsDevices, widestSplit } from './search/best-splits.ts'
import { type Bench, newBench, type Shape } from './search/bench.ts'
import { type LayerCostTable, layerCostTable } from './search/layer-costs.ts'

interface Search {
  readonly workplace: Workplace
  readonly devices: readonly Device[]
  readonly costs: LayerCostTable
  readonly known: Map<string, Judged>
}

const FULL: Shape = { hostBlocks: 0, expertsOnHost: 0, pipeline: true }

/**
 * Judged placements, the dearest kind last, and no kind dearer than the first that fits: all on devices; all on devices
 * without pipeline parallelism; experts of the first blocks on the host; the first blocks on the host; both.
 */
export function candidates(workplace: Workplace, mayRelyOnHost: boolean): readonly Judged[] {
  const costs = layerCostTable(workplace.model, workplace.settings)
  const searches = deviceGroups(workplace.machine, workplace.engine).map((devices): Search => {
    return { workplace, devices, costs, known: new Map() }
  })
  const gathered: Judged[] = []
  for (const kind of mayRelyOnHost ? [...onDevices, ...partlyOnHost] : onDevices) {
    for (const search of searches) gathered.push(...kind(search))
    if (gathered.some(({ reasons }) => reasons.length === 0)) break
  }
  return gathered
}

const bench = (search: Search, shape: Shape): Bench => {
  const { engine, settings } = search.workplace
  const isSplit = settings.splitMode !== 'none' && engine.controls.layersPerDevice
  return newBench({ ...search, shape, mostDevices: isSplit ? engine.deviceLimit : 1 })
}

type Kind = (search: Search) => readonly Judged[]

const fullOffload: Kind = (search) => comparedSplits(bench(search, FULL))

const withoutPipeline: Kind = (search) => {
  const { engine, settings } = search.workplace
  const hasPipeline = search.devices.length > 1 && settings.pipelineAllowed && settings.offloadKqv
  if (!hasPipeline || !engine.controls.pipelineOff || settings.splitMode === 'none') return []
  return comparedSplits(bench(search, { ...FULL, pipeline: false }))
}

const expertsOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  if (model.expertCount === 0 || !engine.controls.expertsOnHost) return []
  return fewestThatFit(search, model.blockCount, (count) => ({ ...FULL, expertsOnHost: count }))
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

const onDevices: readonly Kind[] = [fullOffload, withoutPipeline]
const partlyOnHost: readonly Kind[] = [expertsOnHost, blocksOnHost, blocksAndExpertsOnHost]

/** The smallest count from 1 with which a split fits the devices, by bisection; the largest count when none does. */
function fewestThatFit(search: Search, most: number, shape: (count: number) => Shape): readonly Judged[] {
  const at = (count: number): Judged | undefined => widestSplit(bench(search, shape(count)))
  let fitting = at(most)
  if (!fitting || !fitsDevices(fitting)) return fitting ? [fitting] : []
  let tooFew = 0
  let enough = most
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    const judged = at(middle)
    if (judged && fitsDevices(judged)) {
      enough = middle
      fitting = judged
    } else {
      tooFew = middle
    }
  }
  return [fitting]
}
