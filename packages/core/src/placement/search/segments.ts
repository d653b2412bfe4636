/** What a device's place in the chain decides: embeddings enter at the first, the output layer lies on the last. */
export type Role = 'only' | 'first' | 'middle' | 'last'

export interface Segment {
  /** Position among the devices searched. */
  readonly device: number
  readonly role: Role
  /** First layer and the one after the last. */
  readonly start: number
  readonly end: number
}

export interface ContiguousSplit {
  /** In the order in which the engine is given the devices. */
  readonly segments: readonly Segment[]
  /** What is left on the tightest device. */
  readonly headroom: number
}

/** A device's room for layers, alike for devices that may stand in for each other. */
export interface DeviceRoom {
  readonly withoutOutput: number
  readonly withOutput: number
  /** What headrooms are measured in: 1 for bytes, the free memory for a share of it. */
  readonly unit: number
}

export interface SegmentProblem {
  readonly rooms: readonly DeviceRoom[]
  readonly firstLayer: number
  readonly layerCount: number
  readonly mostDevices: number
  /** What layers `start` to `end` need of a device in this role. */
  readonly need: (role: Role, start: number, end: number) => number
}

/** Needs of every segment by `start * stride + end`, the same on all devices: asked for once, not once a device. */
export interface NeedTables {
  readonly stride: number
  readonly first: Float64Array
  readonly middle: Float64Array
  /** The least that a middle segment needs which begins here and ends there or later. */
  readonly leastBeyond: Float64Array
  /** The least that a middle segment needs which ends there and begins here or earlier. */
  readonly leastBefore: Float64Array
  readonly last: Float64Array
  readonly only: number
}

export function needTables({ firstLayer, layerCount, need }: SegmentProblem): NeedTables {
  const stride = layerCount + 1
  const [first, last] = [new Float64Array(stride), new Float64Array(stride)]
  const table = (): Float64Array => new Float64Array(stride * stride).fill(Infinity)
  const [middle, leastBeyond, leastBefore] = [table(), table(), table()]
  for (let end = firstLayer + 1; end < layerCount; end++) first[end] = need('first', firstLayer, end)
  for (let start = firstLayer + 1; start < layerCount; start++) {
    last[start] = need('last', start, layerCount)
    let least = Infinity
    for (let end = layerCount - 1; end > start; end--) {
      const needed = need('middle', start, end)
      least = Math.min(least, needed)
      middle[start * stride + end] = needed
      leastBeyond[start * stride + end] = least
      leastBefore[start * stride + end] = Math.min(needed, leastBefore[(start - 1) * stride + end]!)
    }
  }
  return { stride, first, middle, leastBeyond, leastBefore, last, only: need('only', firstLayer, layerCount) }
}

export function roleOf(position: number, count: number): Role {
  if (count === 1) return 'only'
  if (position === 0) return 'first'
  return position === count - 1 ? 'last' : 'middle'
}

/** What a segment leaves of its device, in the device's unit. */
export function leftOf(problem: SegmentProblem, { device, role, start, end }: Segment): number {
  const { withOutput, withoutOutput, unit } = problem.rooms[device]!
  const holdsOutput = role === 'only' || role === 'last'
  return ((holdsOutput ? withOutput : withoutOutput) - problem.need(role, start, end)) / unit
}
