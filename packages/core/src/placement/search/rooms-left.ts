import { bitCount } from './bit-count.ts'
import { MOST_DEVICES_IN_ANY_ORDER } from './any-order.ts'
import type { TimedProblem } from './fastest.ts'
import type { NeedTables } from './segments.ts'

/** Which devices a chain may still take, as a number: the set that it used, or how many it used and the next in order. */
export interface RoomsLeft {
  /** The fastest first, the roomiest of the equally fast. */
  readonly devices: readonly number[]
  readonly shortestHop: number
  /** By device, the most layers that it has room for after another device. */
  readonly longest: readonly number[]
  readonly start: number
  /** The state with a device more; -1 where it may not follow. */
  readonly after: (state: number, device: number) => number
  /** Whether another device may follow at all. */
  readonly mayGoOn: (state: number) => boolean
  /**
   * A lower bound of what the layers from one on take: as if any device left could take any share of any layers, as much as
   * its largest segment, and as if as few as have room for so many sent over the shortest hop. Infinite without room.
   */
  readonly leastTicks: (state: number, layer: number) => number
}

export function roomsLeft(problem: TimedProblem, tables: NeedTables): RoomsLeft {
  const { rooms, mostDevices } = problem
  const count = rooms.length
  const anyOrder = problem.reorder && count <= MOST_DEVICES_IN_ANY_ORDER
  const limits = limitsOf(problem, tables)
  const devices = rooms
    .map((_, device) => device)
    .toSorted((one, other) => limits.rate[one]! - limits.rate[other]! || limits.longest[other]! - limits.longest[one]!)
  const usedBy = (state: number): number => (anyOrder ? bitCount(state) : Math.floor(state / (count + 1)))
  const after = (state: number, device: number): number => {
    if (anyOrder) return state & (1 << device) ? -1 : state | (1 << device)
    const [used, next] = [usedBy(state), state % (count + 1)]
    return device < next ? -1 : (used + 1) * (count + 1) + device + 1
  }
  const known = new Map<number, Float64Array>()
  const leastIn = (state: number): Float64Array => {
    const least = known.get(state)
    if (least) return least
    const free = usedBy(state) < mostDevices ? devices.filter((device) => after(state, device) !== -1) : []
    const made = leastByLayer(problem, free, limits)
    known.set(state, made)
    return made
  }
  return {
    devices,
    shortestHop: limits.shortestHop,
    longest: limits.longest,
    start: 0,
    after,
    mayGoOn: (state) => usedBy(state) < mostDevices,
    leastTicks: (state, layer) => leastIn(state)[layer]!,
  }
}

/** What devices can do at most. */
interface Limits {
  /** Running sums of what the layers take on the device that is fastest with all of them. */
  readonly reference: Float64Array
  /** Ticks that a device takes at least for one of the reference's. */
  readonly rate: readonly number[]
  /** Most ticks of the reference, and most layers, that it has room for in one segment after another device. */
  readonly capacity: readonly number[]
  readonly longest: readonly number[]
  readonly shortestHop: number
}

function limitsOf(problem: TimedProblem, tables: NeedTables): Limits {
  const { rooms, layerCount, ticks } = problem
  const reference = ticks.layers.reduce((best, sums) => (sums[layerCount]! < best[layerCount]! ? sums : best))
  const longest: number[] = []
  const capacity: number[] = []
  rooms.forEach((_, device) => {
    let [layers, most] = [0, 0]
    eachSegment(problem, tables, device, (start, end) => {
      layers = Math.max(layers, end - start)
      most = Math.max(most, reference[Math.min(end, layerCount - 1)]! - reference[start]!)
    })
    longest.push(layers)
    capacity.push(most)
  })
  return {
    reference,
    rate: ticks.layers.map((sums) => leastRatio(sums, reference, ticks.lastSender)),
    capacity,
    longest,
    shortestHop: shortestHop(problem),
  }
}

/** Segments after another device that have room, the longest from each layer on. */
function eachSegment(
  { rooms, firstLayer, layerCount }: TimedProblem,
  tables: NeedTables,
  device: number,
  visit: (start: number, end: number) => void,
): void {
  const { withOutput, withoutOutput } = rooms[device]!
  for (let start = firstLayer + 1; start < layerCount; start++) {
    if (tables.last[start]! <= withOutput) visit(start, layerCount)
    let longest = 0
    for (let end = start + 1; end < layerCount; end++) {
      const at = start * tables.stride + end
      if (tables.leastBeyond[at]! > withoutOutput) break
      if (tables.middle[at]! <= withoutOutput) longest = end
    }
    if (longest > 0) visit(start, longest)
  }
}

function leastRatio(sums: Float64Array, reference: Float64Array, lastBlock: number): number {
  let least = Infinity
  for (let layer = 0; layer <= lastBlock; layer++) {
    const one = reference[layer + 1]! - reference[layer]!
    if (one > 0) least = Math.min(least, (sums[layer + 1]! - sums[layer]!) / one)
  }
  return least
}

/** Ticks are whole: what a sum of shares is off by is no tick. */
const ROUNDING = 0.01

/** The blocks go to the fastest devices, the output layer where it is fastest. */
function leastByLayer({ layerCount, ticks }: TimedProblem, devices: readonly number[], limits: Limits): Float64Array {
  const least = new Float64Array(layerCount + 1).fill(Infinity)
  const { lastSender } = ticks
  const outputs = devices.map((device) => ticks.layers[device]![layerCount]! - ticks.layers[device]![layerCount - 1]!)
  const output = Math.min(Infinity, ...outputs)
  const rooms = devices.map((device) => limits.longest[device]!).toSorted((one, other) => other - one)
  for (let layer = layerCount - 1; layer > 0; layer--) {
    if (fewestRooms(rooms, layerCount - layer) === Infinity) break
    const blocks = blockTicks(devices, limits, limits.reference[lastSender + 1]! - limits.reference[layer]!)
    const hops = Math.max(0, fewestRooms(rooms, lastSender + 1 - layer) - 1) * limits.shortestHop
    least[layer] = output + Math.ceil(blocks - ROUNDING) + hops
  }
  return least
}

/** So many ticks of the reference, on the fastest devices first. */
function blockTicks(devices: readonly number[], { rate, capacity }: Limits, asked: number): number {
  let [left, spent] = [asked, 0]
  for (const device of devices) {
    if (left <= 0) break
    const taken = Math.min(left, capacity[device]!)
    spent += taken * rate[device]!
    left -= taken
  }
  return left > 0 ? Infinity : spent
}

/** How many of these rooms, the largest first, hold so many layers. */
function fewestRooms(largestFirst: readonly number[], layers: number): number {
  let [left, count] = [layers, 0]
  for (const room of largestFirst) {
    if (left <= 0) break
    left -= room
    count++
  }
  return left > 0 ? Infinity : count
}

function shortestHop({ rooms, ticks }: TimedProblem): number {
  let least = Infinity
  for (let from = 0; from < rooms.length; from++) {
    for (let to = 0; to < rooms.length; to++) if (from !== to) least = Math.min(least, ticks.hop(from, to))
  }
  return least
}
