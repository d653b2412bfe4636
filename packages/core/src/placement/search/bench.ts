import { ordersDevices } from '../../engines/visible-devices.ts'
import type { Device } from '../../machine/machine.ts'
import { type Judged, judgeSplit, type Workplace } from '../judge.ts'
import { PIPELINE_OFF } from '../../memory/overrides.ts'
import { layerCountOf, splitKey } from '../layout.ts'
import type { GenerationSeconds } from '../../speed/layer-seconds.ts'
import type { LayerSplit } from '../verdict.ts'
import { widestSplits } from './contiguous.ts'
import { type LayerCostTable, runningCosts } from './layer-costs.ts'
import type { LearnedCompute } from './learned-compute.ts'
import { type OrderedSearch, orderedSearch } from './ordered-search.ts'
import { type Effort, fastestSplit, type TimedSplit } from './fastest.ts'
import { type ContiguousSplit, type DeviceRoom, needTables, type SegmentProblem } from './segments.ts'
import { ticksOf } from './ticks.ts'

/** How much of the model goes to the devices at all; within one shape only the boundaries move. */
export interface Shape {
  readonly hostBlocks: number
  readonly expertsOnHost: number
  readonly pipeline: boolean
}

export interface BenchInput {
  readonly workplace: Workplace
  readonly devices: readonly Device[]
  readonly rooms: readonly DeviceRoom[]
  readonly costs: LayerCostTable
  readonly mostDevices: number
  readonly shape: Shape
  /** Shared by shapes whose graphs are split alike. */
  readonly learned: LearnedCompute
  /** Judged before, by split: shared by all shapes of one plan. */
  readonly known: Map<string, Judged>
}

/** Bytes left, or the share of a device's free memory that is left. */
export type Measure = 'bytes' | 'share'

type Split = ContiguousSplit | undefined
type Segments = Pick<ContiguousSplit, 'segments'>

/** Searches the splits of one shape by what is known; `judge` replays one split and learns from it. */
export interface Bench {
  readonly shape: Shape
  /** Whether the engine accepts the devices in another order than their own. */
  readonly reorder: boolean
  /** What a search by bytes looks at, by what is learned so far. */
  readonly problem: () => SegmentProblem
  /** Weights and context of layers `start` to `end`, which they take on however many devices. */
  readonly staticNeed: (start: number, end: number) => number
  /** The split with the most left on its tightest device, in any order of devices that the engine accepts. */
  readonly widest: () => Split
  /** The widest split over as few devices as have room, in any such order. */
  readonly fewest: () => Split
  /** The widest split in the devices' own order for every number of them. */
  readonly perCount: () => readonly Split[]
  /** The split over all devices, in their own order, that is widest by this measure. */
  readonly over: (measure: Measure) => Split
  /** The split with the least time a token, in any order of devices that the engine accepts. */
  readonly fastest: (seconds: GenerationSeconds, effort: Effort) => TimedSplit | undefined
  readonly judge: (split: Segments) => Judged
  readonly isJudged: (split: Segments) => boolean
}

/** Weights, context and the least overhead are known for every segment beforehand; what remains is learned. */
export function newBench(input: BenchInput): Bench {
  const { workplace, devices, rooms, shape, learned, known } = input
  const { expertsOnHost } = shape
  const need = staticNeed(input)
  const reorder = mayReorder(input)
  const judgedHere = new Set<string>()
  const keyOf = (split: Segments): string => splitKey(layerSplit(split, devices, shape))
  const problemIn = (measure: Measure): SegmentProblem => ({
    firstLayer: shape.hostBlocks,
    layerCount: layerCountOf(workplace.model),
    mostDevices: input.mostDevices,
    rooms: measure === 'bytes' ? rooms : rooms.map((room) => ({ ...room, unit: Math.max(1, room.withoutOutput) })),
    need: (role, start, end) => need(start, end) + learned.of({ role, start, end, expertsOnHost }),
  })
  const splitsBy = (measure: Measure): readonly Split[] => {
    const problem = problemIn(measure)
    return widestSplits(problem, needTables(problem), { floor: -Infinity })
  }
  const search = (): OrderedSearch => orderedSearch(problemIn('bytes'), { reorder })

  return {
    shape,
    reorder,
    problem: () => problemIn('bytes'),
    staticNeed: need,
    widest: () => search().widest(),
    fewest: () => search().fewest(),
    perCount: () => splitsBy('bytes'),
    over: (measure) => splitsBy(measure).at(-1),
    fastest: (seconds, effort) => {
      const problem = problemIn('bytes')
      const timed = { ...problem, ticks: ticksOf(seconds, shape), reorder }
      return fastestSplit(timed, needTables(problem), effort)
    },
    isJudged: (split) => judgedHere.has(keyOf(split)),
    judge: (split) => {
      const key = keyOf(split)
      const result = known.get(key) ?? judgeSplit(layerSplit(split, devices, shape), workplace)
      known.set(key, result)
      judgedHere.add(key)
      for (const { device, role, start, end } of split.segments) {
        const { withOutput, withoutOutput } = rooms[device]!
        const room = role === 'only' || role === 'last' ? withOutput : withoutOutput
        const compute = room - need(start, end) - headroomOn(result, devices[device]!)
        learned.learn({ role, start, end, expertsOnHost }, compute)
      }
      return result
    },
  }
}

const mayReorder = ({ workplace, devices }: BenchInput): boolean =>
  workplace.engine.controls.deviceOrder && ordersDevices(devices)

const headroomOn = ({ placement }: Judged, device: Device): number =>
  placement.memory.find(({ place }) => place.kind === 'device' && place.device === device.id)!.headroom

/** Weights and context of layers `start` to `end` on one device. Exact. */
function staticNeed({ workplace, costs, shape }: BenchInput): (start: number, end: number) => number {
  const { runBlockCount } = workplace.model
  const sums = runningCosts(costs, shape.expertsOnHost)
  return (start, end) => {
    const shared = Math.max(0, Math.min(end, runBlockCount) - start - 1) * costs.whole.shared
    return sums[end]! - sums[start]! - shared
  }
}

function layerSplit({ segments }: Segments, devices: readonly Device[], shape: Shape): LayerSplit {
  return {
    devices: segments.map(({ device, start, end }) => ({ device: devices[device]!.id, layers: end - start })),
    hostBlocks: shape.hostBlocks,
    expertsOnHost: shape.expertsOnHost,
    overrides: shape.pipeline || segments.length === 1 ? [] : [PIPELINE_OFF],
  }
}
