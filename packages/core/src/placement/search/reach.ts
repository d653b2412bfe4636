import { bitCount } from './bit-count.ts'
import type { Effort } from './fastest.ts'
import type { DeviceRoom, NeedTables, SegmentProblem } from './segments.ts'

/**
 * What a segment, or any that holds it, needs at least: never less with a layer more, so that the longest that has room is
 * found by halving.
 */
export interface LeastNeeds {
  readonly stride: number
  readonly first: Float64Array
  readonly middle: Float64Array
  readonly last: Float64Array
  readonly only: number
}

export function leastNeeds(tables: NeedTables, { firstLayer, layerCount }: SegmentProblem): LeastNeeds {
  const { stride, only } = tables
  const [first, last] = [Float64Array.from(tables.first), Float64Array.from(tables.last)]
  const middle = Float64Array.from(tables.leastBeyond)
  for (let end = layerCount - 2; end > firstLayer; end--) first[end] = Math.min(first[end]!, first[end + 1]!)
  for (let start = firstLayer + 2; start < layerCount; start++) {
    last[start] = Math.min(last[start]!, last[start - 1]!)
    for (let end = start + 1; end < layerCount; end++) {
      const at = start * stride + end
      middle[at] = Math.min(middle[at]!, middle[at - stride]!)
    }
  }
  return { stride, first, middle, last, only }
}

/** Segments placed so far: the devices that have one as a mask, the last of them, and where it ends. */
export interface Begun {
  readonly used: number
  readonly device: number
  readonly end: number
}

export interface ReachInput {
  readonly problem: SegmentProblem
  readonly least: LeastNeeds
  readonly rooms: readonly DeviceRoom[]
  /** Whether devices may follow each other in another order than their own. */
  readonly reorder: boolean
  /** Counted down by the sets of devices looked at. */
  readonly effort: Effort
}

/**
 * Whether the layers that are left may have room on the devices that are left. A no is certain as far as the needs are none
 * too high; a yes is not, where a longer segment needs less than a shorter one.
 */
export function mayReachEnd(input: ReachInput, begun: Begun): boolean {
  const { problem, least, rooms, effort } = input
  if (begun.used === 0 && rooms.some(({ withOutput }) => least.only <= withOutput)) return true
  const left = Math.min(problem.mostDevices, rooms.length) - bitCount(begun.used)
  // The first of a chain is followed by another at least.
  if (left < (begun.used === 0 ? 2 : 1)) return false
  effort.steps -= rooms.length
  return input.reorder ? reachesInAnyOrder(input, begun) : reachesInOrder(input, begun)
}

/** The longest that can be placed on the devices up to one is never worse than less. */
function reachesInOrder(input: ReachInput, begun: Begun): boolean {
  const { problem, least, rooms } = input
  let { end } = begun
  for (let device = begun.device + 1; device < rooms.length; device++) {
    const room = rooms[device]!
    if (end > problem.firstLayer && least.last[end]! <= room.withOutput) return true
    const asFirst = begun.used === 0 ? longestFirst(input, room) : end
    end = Math.max(asFirst, end > problem.firstLayer ? longestNext(input, end, room) : end)
  }
  return false
}

/** The same for every set of devices. */
function reachesInAnyOrder(input: ReachInput, { used, end: from }: Begun): boolean {
  const { least, rooms, effort } = input
  const all = (1 << rooms.length) - 1
  const reached = new Int16Array(all + 1).fill(-1)
  reached[used] = from
  for (let set = used; set <= all; set++) {
    const end = reached[set]!
    if (end === -1) continue
    effort.steps--
    for (let device = 0; device < rooms.length; device++) {
      const bit = 1 << device
      if (set & bit) continue
      const room = rooms[device]!
      if (set !== 0 && least.last[end]! <= room.withOutput) return true
      const longest = set === 0 ? longestFirst(input, room) : longestNext(input, end, room)
      if (longest > end && longest > reached[set | bit]!) reached[set | bit] = longest
    }
  }
  return false
}

const longestFirst = ({ problem, least }: ReachInput, room: DeviceRoom): number =>
  longest(least.first, 0, { problem, start: problem.firstLayer, room })

const longestNext = ({ problem, least }: ReachInput, start: number, room: DeviceRoom): number =>
  longest(least.middle, start * least.stride, { problem, start, room })

/** The last end that has room, the start where none has. */
function longest(
  needs: Float64Array,
  row: number,
  { problem, start, room }: { problem: SegmentProblem; start: number; room: DeviceRoom },
): number {
  let [low, high] = [start, problem.layerCount]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (needs[row + middle]! <= room.withoutOutput) low = middle
    else high = middle
  }
  return low
}
