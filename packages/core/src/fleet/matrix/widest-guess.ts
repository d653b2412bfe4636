import type { DriverShare, FileNeeds } from './file-needs.ts'
import type { RoleBuffers } from './role-buffers.ts'

/** Devices that run together, in the engine's order: what each has for a plan, and what the driver takes of it. */
export interface Rooms {
  readonly rooms: readonly number[]
  readonly shares: readonly DriverShare[]
}

export interface Chain extends Rooms {
  readonly mostDevices: number
  readonly buffers: RoleBuffers
}

/** Above every compute buffer and driver's share: from so far below any device takes everything. */
const AMPLE = 2 ** 36
/** What two headrooms may differ by and pass for one. */
const PRECISION = 2 ** 18

/**
 * What the widest split over a chain leaves on its tightest device, about: exact but for compute buffers, which are taken
 * as large as in a chain of even shares. The largest headroom with which filling one device after the other places all
 * layers, by bisection. -Infinity where not even an empty headroom can be tried.
 */
export function widestInChain(needs: FileNeeds, chain: Chain): number {
  const most = chain.rooms.reduce((widest, room) => Math.max(widest, room), -Infinity)
  let [low, high] = [most - 2 * needs.total - AMPLE, most]
  if (chain.rooms.length === 0 || !places(needs, chain, low)) return -Infinity
  while (high - low > PRECISION) {
    const middle = (low + high) / 2
    if (places(needs, chain, middle)) low = middle
    else high = middle
  }
  return low
}

/** On one device, the roomiest for it. Exact. */
export function widestAlone(needs: FileNeeds, { rooms, shares }: Rooms): number {
  const need = needs.total + needs.buffers('alone').only
  let best = -Infinity
  for (let at = 0; at < rooms.length; at++) best = Math.max(best, rooms[at]! - shares[at]!.withOutput - need)
  return best
}

/** Whether every layer finds a place that leaves so much: each device takes as many as it can, the last one the rest. */
function places(needs: FileNeeds, { rooms, shares, mostDevices, buffers }: Chain, headroom: number): boolean {
  let [start, used] = [0, 0]
  for (let at = 0; at < rooms.length; at++) {
    const left = rooms[at]! - headroom
    const { withOutput, withoutOutput } = shares[at]!
    if (used > 0 && staticNeed(needs, start, needs.layers) + buffers.last + withOutput <= left) return true
    if (used + 1 >= mostDevices) continue
    const taken = withoutOutput + (used === 0 ? buffers.first : buffers.middle)
    const end = lastThatFits(needs, start, left - taken)
    if (end === start) continue
    start = end
    used++
  }
  return false
}

/** The layer before which the longest segment from `start` ends that needs no more; the output layer is left to another. */
function lastThatFits(needs: FileNeeds, start: number, left: number): number {
  let [low, high] = [start, needs.layers - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (staticNeed(needs, start, middle) <= left) low = middle
    else high = middle - 1
  }
  return low
}

const staticNeed = ({ sums, shared, blocks }: FileNeeds, start: number, end: number): number =>
  sums[end]! - sums[start]! - Math.max(0, Math.min(end, blocks) - start - 1) * shared
