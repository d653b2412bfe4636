import type { DriverShare, FileNeeds } from './file-needs.ts'
import type { RoleBuffers } from './role-buffers.ts'

/** A device of a group, in the engine's order. */
export interface SurveyedDevice extends DriverShare {
  /** Free for a plan: what it has, less what others hold and the margin. */
  readonly room: number
}

export interface Chain {
  readonly devices: readonly SurveyedDevice[]
  readonly mostDevices: number
  readonly buffers: RoleBuffers
}

/** Halvings of the widest room there is: to below 4 KiB of a terabyte. */
const HALVINGS = 28

/**
 * What the widest split over a chain leaves on its tightest device, about: exact but for compute buffers, which are taken
 * as large as in a chain of even shares. The largest headroom with which filling one device after the other places all
 * layers, by bisection. -Infinity where not even an empty headroom can be tried.
 */
export function widestInChain(needs: FileNeeds, chain: Chain): number {
  const most = chain.devices.reduce((room, device) => Math.max(room, device.room), -Infinity)
  let [low, high] = [most - 2 * needs.total - HUGE, most]
  if (chain.devices.length === 0 || !places(needs, chain, low)) return -Infinity
  for (let halving = 0; halving < HALVINGS && high - low > PRECISION; halving++) {
    const middle = (low + high) / 2
    if (places(needs, chain, middle)) low = middle
    else high = middle
  }
  return low
}

/** Above every compute buffer and driver's share: from so far below any device takes everything. */
const HUGE = 2 ** 40
const PRECISION = 4096

/** On one device, the roomiest for it. Exact. */
export function widestAlone(needs: FileNeeds, devices: readonly SurveyedDevice[]): number {
  const need = needs.total + needs.buffers('alone').only
  return devices.reduce((best, { room, withOutput }) => Math.max(best, room - withOutput - need), -Infinity)
}

/** Whether every layer finds a place that leaves so much: each device takes as many as it can, the last one the rest. */
function places(needs: FileNeeds, { devices, mostDevices, buffers }: Chain, headroom: number): boolean {
  let [start, used] = [0, 0]
  for (const { room, withOutput, withoutOutput } of devices) {
    const isFirst = used === 0
    if (!isFirst && staticNeed(needs, start, needs.layers) + buffers.last + withOutput <= room - headroom) return true
    if (used + 1 >= mostDevices) continue
    const left = room - headroom - withoutOutput - (isFirst ? buffers.first : buffers.middle)
    const end = lastThatFits(needs, start, left)
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
