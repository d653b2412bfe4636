import { roomsLeft, type RoomsLeft } from './rooms-left.ts'
import { type NeedTables, roleOf, type Segment, type SegmentProblem } from './segments.ts'

/** What layers cost in time, in whole ticks, so that sums are exact and equal costs are equal. */
export interface Ticks {
  /** By device: running sums over the layers, the first 0. */
  readonly layers: readonly Float64Array[]
  /** From one device to the next. */
  readonly hop: (from: number, to: number) => number
  /** To the device that is the first. */
  readonly enter: readonly number[]
  /** The last layer that sends a residual on, and the last that is sent one. */
  readonly lastSender: number
  readonly lastReceiver: number
}

export interface TimedProblem extends SegmentProblem {
  readonly ticks: Ticks
  /** Whether devices may follow each other in another order than their own. */
  readonly reorder: boolean
}

export interface TimedSplit {
  readonly segments: readonly Segment[]
  readonly ticks: number
}

/** What a plan may spend on looking for the fastest: steps of the search, and replays. Counted down. */
export interface Effort {
  steps: number
  replays: number
}

/**
 * The contiguous split with the least ticks of those that need no more than there is room for; undefined where there is
 * none. Exact: depth first, bounded by what the rest takes at best were every hop the shortest, which is exact over
 * (devices left, layers placed), and never twice from the same (devices left, last device, layers placed) at more. Once the effort
 * is spent it is the best found so far.
 */
export function fastestSplit(problem: TimedProblem, tables: NeedTables, effort: Effort): TimedSplit | undefined {
  const { firstLayer, rooms, layerCount, ticks } = problem
  const left = roomsLeft(problem, tables)
  const bounds: Bounds = { problem, tables, left, effort, known: new Map() }
  let best: TimedSplit | undefined
  const reached = new Map<number, number>()

  const whole = (device: number): void => {
    const spent = ticks.enter[device]! + between(ticks.layers[device]!, firstLayer, layerCount)
    if (tables.only > rooms[device]!.withOutput || (best && spent >= best.ticks)) return
    best = { segments: [{ device, role: 'only', start: firstLayer, end: layerCount }], ticks: spent }
  }
  const visit = (chain: readonly Step[], state: number, spent: number): void => {
    const { device: last, start, end } = chain.at(-1)!
    const sends = sendsOn(ticks, start, end) ? 1 : 0
    const key = ((state * rooms.length + last) * (layerCount + 1) + end) * 2 + sends
    if ((reached.get(key) ?? Infinity) <= spent) return
    reached.set(key, spent)
    follow(chain, nextSteps(bounds, state, end), spent)
  }
  const follow = (chain: readonly Step[], steps: readonly Step[], spent: number): void => {
    for (const step of steps.toSorted((one, other) => one.own + one.rest - other.own - other.rest)) {
      const before = chain.at(-1)
      const soFar = spent + step.own + (before ? hopBefore(ticks, before, step.device) : 0)
      if (best && soFar + step.rest >= best.ticks) continue
      const longer = [...chain, step]
      if (step.end === layerCount) best = { segments: segmentsOf(longer), ticks: soFar }
      else if (!best || soFar + step.hop + leastRest(bounds, step.state, step.end) < best.ticks) {
        visit(longer, step.state, soFar)
      }
    }
  }

  for (let device = 0; device < rooms.length; device++) whole(device)
  follow(
    [],
    left.devices.flatMap((device) => firstSteps(bounds, device)),
    0,
  )
  return best
}

/** One device's layers, and the ticks that they take there. */
interface Step {
  readonly device: number
  readonly start: number
  readonly end: number
  /** The state after it. */
  readonly state: number
  readonly own: number
  /** The shortest hop to what follows. */
  readonly hop: number
  /** A quick lower bound of all that follows, the hop too. */
  readonly rest: number
}

interface Bounds {
  readonly problem: TimedProblem
  readonly tables: NeedTables
  readonly left: RoomsLeft
  readonly effort: Effort
  /** What the layers from one on take at least, by state and layer. */
  readonly known: Map<number, number>
}

const between = (sums: Float64Array, start: number, end: number): number => sums[end]! - sums[start]!

/** Whether the residual goes on from a segment, which it does not from blocks that are not run. */
const sendsOn = ({ lastSender, lastReceiver }: Ticks, start: number, end: number): boolean =>
  start <= lastSender && end <= lastReceiver

const shortestHop = ({ problem, left }: Bounds, start: number, end: number): number =>
  sendsOn(problem.ticks, start, end) ? left.shortestHop : 0

const hopBefore = (ticks: Ticks, { device, start, end }: Pick<Step, 'device' | 'start' | 'end'>, to: number): number =>
  sendsOn(ticks, start, end) ? ticks.hop(device, to) : 0

/** Segments of a first device that others follow. */
function firstSteps(bounds: Bounds, device: number): readonly Step[] {
  const { problem, tables, left } = bounds
  const { firstLayer: start, layerCount, ticks, rooms } = problem
  const state = left.after(left.start, device)
  const steps: Step[] = []
  for (let end = start + 1; end < layerCount; end++) {
    if (tables.first[end]! > rooms[device]!.withoutOutput) continue
    const own = ticks.enter[device]! + between(ticks.layers[device]!, start, end)
    const hop = shortestHop(bounds, start, end)
    const rest = hop + left.leastTicks(state, end)
    if (rest < Infinity) steps.push({ device, start, end, state, own, hop, rest })
  }
  return steps
}

/** Segments that may come next. */
function nextSteps(bounds: Bounds, state: number, start: number): readonly Step[] {
  const { problem, left } = bounds
  const { ticks, layerCount } = problem
  const steps: Step[] = []
  eachStep(bounds, state, start, (device, end, next) => {
    const hop = end < layerCount ? shortestHop(bounds, start, end) : 0
    const rest = end < layerCount ? hop + left.leastTicks(next, end) : 0
    const own = between(ticks.layers[device]!, start, end)
    if (rest < Infinity) steps.push({ device, start, end, state: next, own, hop, rest })
  })
  return steps
}

/** Every device left and every end that it has room for, the fastest and the longest first, with the state after it. */
function eachStep(
  bounds: Bounds,
  state: number,
  start: number,
  visit: (device: number, end: number, next: number) => void,
): void {
  const { problem, tables, left, effort } = bounds
  const { rooms, layerCount } = problem
  for (const device of effort.steps > 0 ? left.devices : []) {
    const next = left.after(state, device)
    if (next === -1) continue
    const { withOutput, withoutOutput } = rooms[device]!
    if (tables.last[start]! <= withOutput) visit(device, layerCount, next)
    if (!left.mayGoOn(next)) continue
    effort.steps -= left.longest[device]!
    for (let end = Math.min(layerCount - 1, start + left.longest[device]!); end > start; end--) {
      if (tables.middle[start * tables.stride + end]! <= withoutOutput) visit(device, end, next)
    }
  }
}

/** What the layers from `start` on take at least, on the devices left, were every hop the shortest. */
function leastRest(bounds: Bounds, state: number, start: number): number {
  const { problem, left, known } = bounds
  const { ticks, layerCount } = problem
  const key = state * (layerCount + 1) + start
  const before = known.get(key)
  if (before !== undefined) return before
  let best = Infinity
  if (left.leastTicks(state, start) < Infinity) {
    eachStep(bounds, state, start, (device, end, next) => {
      const own = between(ticks.layers[device]!, start, end)
      if (end === layerCount) {
        best = Math.min(best, own)
        return
      }
      const soFar = own + shortestHop(bounds, start, end)
      if (soFar + left.leastTicks(next, end) < best) best = Math.min(best, soFar + leastRest(bounds, next, end))
    })
  }
  known.set(key, best)
  return best
}

const segmentsOf = (chain: readonly Step[]): readonly Segment[] =>
  chain.map(({ device, start, end }, at) => ({ device, role: roleOf(at, chain.length), start, end }))
