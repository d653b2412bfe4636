import type { Device } from '../../machine/machine.ts'
import { overhead } from '../../memory/overhead.ts'
import { type Judged, judgeSplit, type Workplace } from '../judge.ts'
import { layerCountOf, PIPELINE_OFF, splitKey } from '../layout.ts'
import { deviceRoom, freeOf } from '../room.ts'
import type { LayerSplit } from '../verdict.ts'
import { type ContiguousProblem, type ContiguousSplit, widestSplits } from './contiguous.ts'
import { type LayerCostTable, runningCosts } from './layer-costs.ts'
import type { LearnedCompute } from './learned-compute.ts'

/** How much of the model goes to the devices at all; within one shape only the boundaries move. */
export interface Shape {
  readonly hostBlocks: number
  readonly expertsOnHost: number
  readonly pipeline: boolean
}

export interface BenchInput {
  readonly workplace: Workplace
  readonly devices: readonly Device[]
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

/** Searches the splits of one shape by what is known; `judge` replays one split and learns from it. */
export interface Bench {
  /** The widest split for every number of devices, from one. */
  readonly splits: (measure?: Measure) => readonly (ContiguousSplit | undefined)[]
  readonly judge: (split: ContiguousSplit) => Judged
  readonly isJudged: (split: ContiguousSplit) => boolean
}

/** Weights, context and the least overhead are known for every segment beforehand; what remains is learned. */
export function newBench(input: BenchInput): Bench {
  const { workplace, devices, shape, learned, known } = input
  const { left, free } = beforehand(input)
  const judgedHere = new Set<string>()
  const keyOf = (split: ContiguousSplit): string => splitKey(layerSplit(split, devices, shape))
  const problem: Omit<ContiguousProblem, 'left' | 'slack'> = {
    deviceCount: devices.length,
    firstLayer: shape.hostBlocks,
    layerCount: layerCountOf(workplace.model),
    mostDevices: input.mostDevices,
  }

  return {
    splits: (measure = 'bytes') => {
      const unit = free.map((bytes) => (measure === 'bytes' ? 1 : Math.max(1, bytes)))
      return widestSplits({
        ...problem,
        left: (device, role, start, end) =>
          (left(device, role, start, end) - learned.of(role, start, end)) / unit[device]!,
        slack: learned.spread() / Math.min(...unit),
      })
    },
    isJudged: (split) => judgedHere.has(keyOf(split)),
    judge: (split) => {
      const key = keyOf(split)
      const result = known.get(key) ?? judgeSplit(layerSplit(split, devices, shape), workplace)
      known.set(key, result)
      judgedHere.add(key)
      for (const { device, role, start, end } of split.segments) {
        learned.learn(role, start, end, left(device, role, start, end) - headroomOn(result, devices[device]!))
      }
      return result
    },
  }
}

const headroomOn = ({ placement }: Judged, device: Device): number =>
  placement.memory.find(({ place }) => place.kind === 'device' && place.device === device.id)!.headroom

interface Beforehand {
  /** What a segment leaves of a device before its compute buffer. */
  readonly left: ContiguousProblem['left']
  /** What each device has for a plan at all. */
  readonly free: readonly number[]
}

function beforehand({ workplace, devices, costs, shape }: BenchInput): Beforehand {
  const { model, settings, held } = workplace
  const sums = runningCosts(costs, shape.expertsOnHost)
  // What `auto` comes to is known after a replay; until then the lesser share, lest a good split is passed over.
  const modes = settings.flashAttention === 'auto' ? [true, false] : [settings.flashAttention === 'on']
  const rooms = devices.map((device) => {
    const room = freeOf(deviceRoom(device, held, settings.margin))
    return [false, true].map((holdsOutput) => {
      const needs = modes.map((flashAttention) => {
        const { atLoad, atFirstPrompt } = overhead({ device, model, settings, flashAttention, holdsOutput })
        return atLoad + atFirstPrompt
      })
      return room - Math.min(...needs)
    })
  })
  const left: Beforehand['left'] = (device, role, start, end) => {
    const holdsOutput = role === 'only' || role === 'last'
    const shared = Math.max(0, Math.min(end, model.runBlockCount) - start - 1) * costs.whole.shared
    return rooms[device]![Number(holdsOutput)]! - (sums[end]! - sums[start]! - shared)
  }
  return { left, free: rooms.map((room) => room[0]!) }
}

function layerSplit({ segments }: ContiguousSplit, devices: readonly Device[], shape: Shape): LayerSplit {
  return {
    devices: segments.map(({ device, start, end }) => ({ device: devices[device]!.id, layers: end - start })),
    hostBlocks: shape.hostBlocks,
    expertsOnHost: shape.expertsOnHost,
    overrides: shape.pipeline || segments.length === 1 ? [] : [PIPELINE_OFF],
  }
}
