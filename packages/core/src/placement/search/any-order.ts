import { bitCount } from './bit-count.ts'
import type { ContiguousSplit, DeviceRoom, NeedTables, Segment, SegmentProblem } from './segments.ts'
import { roleOf } from './segments.ts'

/** Sets of devices double with each; beyond this the engine's own order must do. */
export const MOST_DEVICES_IN_ANY_ORDER = 8

/**
 * Splits in any order of the devices that leave more on the tightest one than `floors` says, by the number of devices (from
 * one); undefined where none does. Exact: dynamic programming over (set of devices used, layers placed), since what
 * a chain can still become depends on which devices are left, not on how those used are ordered.
 */
export function widerInAnyOrder(
  problem: SegmentProblem,
  tables: NeedTables,
  floors: readonly number[],
): readonly (ContiguousSplit | undefined)[] {
  const state = newState(problem, floors)
  const sets = 1 << problem.rooms.length
  for (let set = 1; set < sets; set++) {
    const used = bitCount(set)
    // What this set leaves bounds every chain it begins.
    if (used < floors.length) extendSet(problem, tables, state, { set, used })
  }
  return state.finals.map((final) => (final ? traceBack(problem, state, final) : undefined))
}

/** The last step of a whole split. */
interface Final {
  readonly set: number
  readonly device: number
  readonly start: number
  readonly headroom: number
}

interface State {
  readonly stride: number
  /** By set and end: what is left at best, the last device, and where it begins. */
  readonly headroom: Float64Array
  readonly device: Int8Array
  readonly start: Int16Array
  readonly finals: (Final | undefined)[]
  /** To be beaten, by the number of devices. */
  readonly floors: number[]
  /** The device before that has the same room, which goes first; -1 where there is none. */
  readonly twin: readonly number[]
}

function newState({ rooms, layerCount }: SegmentProblem, floors: readonly number[]): State {
  const stride = layerCount + 1
  const size = stride << rooms.length
  return {
    stride,
    headroom: new Float64Array(size).fill(-Infinity),
    device: new Int8Array(size),
    start: new Int16Array(size),
    finals: floors.map(() => undefined),
    floors: [...floors],
    twin: rooms.map((room, device) => rooms.slice(0, device).findLastIndex((other) => sameRoom(room, other))),
  }
}

const sameRoom = (left: DeviceRoom, right: DeviceRoom): boolean =>
  left.withOutput === right.withOutput && left.withoutOutput === right.withoutOutput && left.unit === right.unit

/** The least that a chain of so many devices must leave to become better than anything known. */
function floorFrom(floors: readonly number[], used: number): number {
  let least = Infinity
  for (let count = used; count <= floors.length; count++) least = Math.min(least, floors[count - 1]!)
  return least
}

function extendSet(
  problem: SegmentProblem,
  tables: NeedTables,
  state: State,
  { set, used }: { set: number; used: number },
): void {
  const { rooms, firstLayer, layerCount } = problem
  const floor = floorFrom(state.floors, used + 1)
  if (floor === Infinity) return
  if (used === 1) begin(problem, tables, state, set)
  const from = set * state.stride
  for (let device = 0; device < rooms.length; device++) {
    if (set & (1 << device) || isBehindTwin(state, device, set)) continue
    for (let start = firstLayer + 1; start < layerCount; start++) {
      const before = state.headroom[from + start]!
      if (before > floor) extendChain(problem, tables, state, { set, used, device, start, before })
    }
  }
}

const isBehindTwin = ({ twin }: State, device: number, set: number): boolean =>
  twin[device] !== -1 && (set & (1 << twin[device]!)) === 0

/** Chains of one device. */
function begin({ rooms, firstLayer, layerCount }: SegmentProblem, tables: NeedTables, state: State, set: number): void {
  const device = 31 - Math.clz32(set)
  if (state.twin[device] !== -1) return
  const { withoutOutput, unit } = rooms[device]!
  for (let end = firstLayer + 1; end < layerCount; end++) {
    const at = set * state.stride + end
    state.headroom[at] = (withoutOutput - tables.first[end]!) / unit
    state.device[at] = device
    state.start[at] = firstLayer
  }
}

interface Chain {
  readonly set: number
  readonly used: number
  readonly device: number
  readonly start: number
  readonly before: number
}

function extendChain(problem: SegmentProblem, tables: NeedTables, state: State, chain: Chain): void {
  const { set, used, device, start, before } = chain
  const { withoutOutput, withOutput, unit } = problem.rooms[device]!
  const final = Math.min(before, (withOutput - tables.last[start]!) / unit)
  if (final > state.floors[used]!) {
    state.floors[used] = final
    state.finals[used] = { set, device, start, headroom: final }
  }
  if (used + 1 >= state.floors.length) return
  const floor = floorFrom(state.floors, used + 2)
  const to = (set | (1 << device)) * state.stride
  const row = start * tables.stride
  for (let end = start + 1; end < problem.layerCount; end++) {
    if ((withoutOutput - tables.leastBeyond[row + end]!) / unit <= floor) return
    const own = (withoutOutput - tables.middle[row + end]!) / unit
    const headroom = own < before ? own : before
    if (headroom <= floor || headroom <= state.headroom[to + end]!) continue
    state.headroom[to + end] = headroom
    state.device[to + end] = device
    state.start[to + end] = start
  }
}

function traceBack({ firstLayer, layerCount }: SegmentProblem, state: State, final: Final): ContiguousSplit {
  const steps = [{ device: final.device, start: final.start, end: layerCount }]
  let { set, start: end } = final
  while (end > firstLayer) {
    const at = set * state.stride + end
    const [device, start] = [state.device[at]!, state.start[at]!]
    steps.unshift({ device, start, end })
    set &= ~(1 << device)
    end = start
  }
  const segments = steps.map((step, at): Segment => ({ ...step, role: roleOf(at, steps.length) }))
  return { segments, headroom: final.headroom }
}
