import type { Device } from '../../machine/machine.ts'
import { overhead } from '../../memory/overhead.ts'
import { type Judged, judgeSplit, type Workplace } from '../judge.ts'
import { layerCountOf, PIPELINE_OFF, splitKey } from '../layout.ts'
import { deviceRoom, freeOf } from '../room.ts'
import type { LayerSplit } from '../verdict.ts'
import { type ContiguousProblem, type ContiguousSplit, type Role, roles, widestSplits } from './contiguous.ts'
import { type LayerCostTable, runningCosts } from './layer-costs.ts'

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
  /** Judged before, by split: shared by all shapes of one plan. */
  readonly known: Map<string, Judged>
}

/** Searches the splits of one shape; `judge` replays a split and remembers what its segments really needed. */
export interface Bench {
  readonly splits: () => readonly (ContiguousSplit | undefined)[]
  readonly judge: (split: ContiguousSplit) => Judged
  readonly isJudged: (split: ContiguousSplit) => boolean
}

/**
 * Weights, context and driver overhead are known for every segment beforehand; compute is learned. A segment not yet
 * replayed is taken at the least that one of its role needed so far, so nothing that fits is passed over.
 */
export function newBench(input: BenchInput): Bench {
  const { workplace, devices, shape } = input
  const beforehand = knownCosts(input)
  const learned = learnedCosts()
  const seen = new Set<string>()
  const keyOf = (split: ContiguousSplit): string => splitKey(layerSplit(split, devices, shape))

  return {
    splits: () =>
      widestSplits({
        deviceCount: devices.length,
        firstLayer: shape.hostBlocks,
        layerCount: layerCountOf(workplace.model),
        mostDevices: input.mostDevices,
        left: (device, role, start, end) => beforehand(device, role, start, end) - learned.of(role, start, end),
        slack: learned.spread(),
      }),
    isJudged: (split) => seen.has(keyOf(split)),
    judge: (split) => {
      const key = keyOf(split)
      const result = input.known.get(key) ?? judgeSplit(layerSplit(split, devices, shape), workplace)
      input.known.set(key, result)
      seen.add(key)
      for (const { device, role, start, end } of split.segments) {
        const left = headroomOn(result, devices[device]!)
        learned.learn(role, start, end, beforehand(device, role, start, end) - left)
      }
      return result
    },
  }
}

const headroomOn = ({ placement }: Judged, device: Device): number =>
  placement.memory.find(({ place }) => place.kind === 'device' && place.device === device.id)!.headroom

/** What a segment leaves of a device before its compute buffer. */
function knownCosts({ workplace, devices, costs, shape }: BenchInput): ContiguousProblem['left'] {
  const { model, settings, held } = workplace
  const sums = runningCosts(costs, shape.expertsOnHost)
  const flashAttention = settings.flashAttention !== 'off'
  const free = devices.map((device) => {
    const room = freeOf(deviceRoom(device, held, settings.margin))
    return [false, true].map((holdsOutput) => {
      const { atLoad, atFirstPrompt } = overhead({ device, model, settings, flashAttention, holdsOutput })
      return room - atLoad - atFirstPrompt
    })
  })
  return (device, role, start, end) => {
    const holdsOutput = role === 'only' || role === 'last'
    const shared = Math.max(0, Math.min(end, model.runBlockCount) - start - 1) * costs.whole.shared
    return free[device]![Number(holdsOutput)]! - (sums[end]! - sums[start]! - shared)
  }
}

function layerSplit({ segments }: ContiguousSplit, devices: readonly Device[], shape: Shape): LayerSplit {
  return {
    devices: segments.map(({ device, start, end }) => ({ device: devices[device]!.id, layers: end - start })),
    hostBlocks: shape.hostBlocks,
    expertsOnHost: shape.expertsOnHost,
    overrides: shape.pipeline || segments.length === 1 ? [] : [PIPELINE_OFF],
  }
}

interface LearnedCosts {
  readonly of: (role: Role, start: number, end: number) => number
  readonly learn: (role: Role, start: number, end: number, extra: number) => void
  /** Between the dearest and the cheapest known. */
  readonly spread: () => number
}

function learnedCosts(): LearnedCosts {
  const exact = new Map<number, number>()
  const least = new Map<Role, number>()
  const key = (role: Role, start: number, end: number): number => (roles.indexOf(role) * 4096 + start) * 4096 + end
  return {
    of: (role, start, end) => exact.get(key(role, start, end)) ?? least.get(role) ?? 0,
    learn: (role, start, end, extra) => {
      exact.set(key(role, start, end), extra)
      least.set(role, Math.min(extra, least.get(role) ?? Infinity))
    },
    spread: () => (exact.size === 0 ? 0 : Math.max(...exact.values()) - Math.min(...exact.values(), ...least.values())),
  }
}
