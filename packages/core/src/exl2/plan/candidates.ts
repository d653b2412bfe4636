import type { Device } from '../../machine/machine.ts'
import { deviceGroups } from '../../placement/device-groups.ts'
import type { Judged } from '../../placement/judge.ts'
import { leastHeadroom } from '../../placement/rank.ts'
import { type Bytes, bytes } from '../../units.ts'
import { deviceRoom } from '../../placement/room.ts'
import type { Exl2Placement } from '../placement.ts'
import { balancedCounts } from './balance.ts'
import { judgeExl2 } from './judge.ts'
import { type Exl2Run, type GpuSplit, placeModules } from './run.ts'
import { type CostTable, costTable } from './segment-costs.ts'
import { sharesFor } from './shares.ts'
import { heldOf } from '../../placement/plan-input.ts'
import { availableOn, type Exl2PlanInput, plannableOn } from './workplace.ts'

/** So often what the allocator rounded up is learned of, and counted in the next balance. */
const ROUNDS = 3

/** Devices that one process could use together, as the engine can for this request. */
export const usableGroups = ({ machine, engine, model, request }: Exl2PlanInput): readonly (readonly Device[])[] =>
  deviceGroups(machine, engine)
    .map((devices) => devices.filter((device) => engine.runsOn(device, model, request)))
    .filter((devices) => devices.length > 0)

/** For every number of devices the roomiest, in their order; for one device only where the request splits nothing. */
export function deviceSets(input: Exl2PlanInput): readonly (readonly Device[])[] {
  const most = input.request.splitMode === 'none' ? 1 : input.engine.deviceLimit
  return usableGroups(input).flatMap((devices) => {
    const roomiest = devices.toSorted((left, right) => plannableOn(right, input) - plannableOn(left, input))
    return Array.from({ length: Math.min(most, devices.length) }, (_, at) => {
      const chosen = new Set(roomiest.slice(0, at + 1))
      return devices.filter((device) => chosen.has(device))
    })
  })
}

/** A split by hand that leaves the tightest device the most, and the engine's own: each as the loader carries it out. */
export function candidatesOn(devices: readonly Device[], input: Exl2PlanInput): readonly Judged[] {
  const { engine, model, request } = input
  const held = heldOf(input)
  const margins = devices.map((device) => deviceRoom(device, held, request).margin)
  const { manual, auto } = engine.splits({ format: model.quantization.format, margins })
  const run = engine.run(request, model, devices)
  return [
    ...(manual ? byHand(devices, run, input) : []),
    ...(auto ? byItself(devices, { run, reserve: auto }, input) : []),
  ]
}

function byHand(devices: readonly Device[], run: Exl2Run, input: Exl2PlanInput): readonly Judged[] {
  const costs = costTable(input.model, run)
  const free = devices.map((device) => plannableOn(device, input))
  let rounded = devices.map(() => 0)
  let best: Judged | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const tried = balanced({ devices, run, input, costs, free, rounded })
    if (!tried) break
    if (!best || leastHeadroom(tried.judged.placement) > leastHeadroom(best.placement)) best = tried.judged
    if (tried.rounded.every((bytesNow, at) => bytesNow === rounded[at])) break
    rounded = [...tried.rounded]
  }
  return best ? [best] : []
}

interface Balancing {
  readonly devices: readonly Device[]
  readonly run: Exl2Run
  readonly input: Exl2PlanInput
  readonly costs: CostTable
  readonly free: readonly number[]
  /** What the allocator took beyond what it was asked for, by device. */
  readonly rounded: readonly number[]
}

/** Undefined where some device would be left without a module. */
function balanced({ devices, run, input, costs, free, rounded }: Balancing) {
  const room = free.map((bytesFree, at) => bytesFree - rounded[at]!)
  const counts = balancedCounts(costs, room)
  if (counts.length < devices.length || counts.includes(0)) return undefined
  const split: GpuSplit = { kind: 'manual', gigabytes: sharesFor(input.model, run, { counts, free }) }
  // What is lacking is judged afterwards, place by place.
  const placed = placeModules(input.model, run, split, devices.map(withoutLimit))
  if (!placed.ok || !usesEach(devices, placed.value)) return undefined
  const judged = judgeExl2({ devices, run, split, placed: placed.value }, input)
  return { judged, rounded: placed.value.devices.map(({ allocator }) => allocator.bytes) }
}

/** Whether no device is left without a module: fewer devices do the same. */
const usesEach = (devices: readonly Device[], { places }: Exl2Placement): boolean =>
  devices.every((_, position) => places.includes(position))

const withoutLimit = (): Bytes => bytes(Number.MAX_SAFE_INTEGER)

/** Only where every device is needed. On a single device even a load that fails says what is lacking. */
function byItself(
  devices: readonly Device[],
  { run, reserve }: { readonly run: Exl2Run; readonly reserve: readonly Bytes[] },
  input: Exl2PlanInput,
): readonly Judged[] {
  const { model } = input
  const split: GpuSplit = { kind: 'auto', reserve }
  const available = devices.map((device) => availableOn(device, input))
  const placed = placeModules(model, run, split, available)
  if (placed.ok) {
    return usesEach(devices, placed.value) ? [judgeExl2({ devices, run, split, placed: placed.value }, input)] : []
  }
  if (devices.length > 1) return []
  const unlimited = placeModules(model, run, split, devices.map(withoutLimit))
  return unlimited.ok ? [judgeExl2({ devices, run, split, placed: unlimited.value, failed: true }, input)] : []
}
