import type { GenerationSeconds } from '../speed/layer-seconds.ts'
import { generationSeconds } from '../speed/layer-seconds.ts'
import type { Device } from '../machine/machine.ts'
import type { Judged, Workplace } from './judge.ts'
import { type Bench, newBench, type Shape } from './search/bench.ts'
import { deviceRooms } from './search/device-rooms.ts'
import { type LayerCostTable, layerCostTable } from './search/layer-costs.ts'
import { type LearnedCompute, learnedCompute } from './search/learned-compute.ts'
import type { DeviceRoom } from './search/segments.ts'

/** What the searches over one group of devices share. */
export interface Search {
  readonly workplace: Workplace
  readonly devices: readonly Device[]
  readonly rooms: readonly DeviceRoom[]
  readonly costs: LayerCostTable
  readonly known: Map<string, Judged>
  readonly seconds: (flashAttention: boolean) => GenerationSeconds
}

/** Shapes of one kind, by how many blocks, or blocks' experts, they leave on the host. */
export interface Family {
  readonly search: Search
  /** The least is one; nothing to count where the most is none. */
  readonly most: number
  readonly shape: (count: number) => Shape
  readonly learned: LearnedCompute
  /** One split of it is enough to show. */
  readonly lastResort?: true
}

/** Undefined where the engine, the model or the settings know no such kind. */
export type Kind = (search: Search) => Family | undefined

const FULL: Shape = { hostBlocks: 0, expertsOnHost: 0, pipeline: true }

export function newSearch(workplace: Workplace, devices: readonly Device[]): Search {
  const { model, machine, settings } = workplace
  const known = new Map<boolean, GenerationSeconds>()
  return {
    workplace,
    devices,
    rooms: deviceRooms(workplace, devices),
    costs: layerCostTable(model, settings),
    known: new Map(),
    seconds: (flashAttention) => {
      const seconds =
        known.get(flashAttention) ?? generationSeconds({ model, machine, settings, flashAttention, devices })
      known.set(flashAttention, seconds)
      return seconds
    },
  }
}

const family = (search: Search, most: number, shape: Family['shape']): Family => ({
  search,
  most,
  shape,
  learned: learnedCompute(search.workplace.model),
})

/** The shape with so many on the host. */
export const benchOf = ({ search, shape, learned }: Family, count: number): Bench =>
  benchOfShape(search, shape(count), learned)

export function benchOfShape(search: Search, shape: Shape, learned = learnedCompute(search.workplace.model)): Bench {
  const { engine, settings } = search.workplace
  const isSplit = settings.splitMode !== 'none' && engine.controls.layersPerDevice
  return newBench({ ...search, shape, learned, mostDevices: isSplit ? engine.deviceLimit : 1 })
}

const fullOffload: Kind = (search) => family(search, 0, () => FULL)

const withoutPipeline: Kind = (search) => {
  const { engine, settings } = search.workplace
  const hasPipeline = search.devices.length > 1 && settings.pipelineAllowed && settings.offloadKqv
  if (!hasPipeline || !engine.controls.pipelineOff || settings.splitMode === 'none') return undefined
  return family(search, 0, () => ({ ...FULL, pipeline: false }))
}

const expertsOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  if (model.expertCount === 0 || !engine.controls.expertsOnHost) return undefined
  return family(search, model.blockCount, (count) => ({ ...FULL, expertsOnHost: count }))
}

const blocksOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  if (!engine.controls.blocksOnHost) return undefined
  return family(search, model.blockCount, (hostBlocks) => ({ ...FULL, hostBlocks }))
}

const blocksAndExpertsOnHost: Kind = (search) => {
  const { model, engine } = search.workplace
  const { controls } = engine
  if (model.expertCount === 0 || !controls.blocksOnHost || !controls.expertsOnHost) return undefined
  return family(search, model.blockCount, (hostBlocks) => ({ ...FULL, hostBlocks, expertsOnHost: model.blockCount }))
}

/** The cache is read by the processor then, which is slow at every length: the last resort. */
const cacheOnHost: Kind = ({ workplace, devices }) => {
  const { settings, engine } = workplace
  if (!settings.offloadKqv || !engine.controls.cacheOnHost) return undefined
  const search = newSearch({ ...workplace, settings: { ...settings, offloadKqv: false } }, devices)
  return { ...family(search, 0, () => FULL), lastResort: true }
}

/** The dearest last. */
export const onDevices: readonly Kind[] = [fullOffload, withoutPipeline]
export const partlyOnHost: readonly Kind[] = [expertsOnHost, blocksOnHost, blocksAndExpertsOnHost, cacheOnHost]
