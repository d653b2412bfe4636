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
  readonly segments: readonly Segment[]
  /** What is left on the tightest device. */
  readonly headroom: number
}

export interface ContiguousProblem {
  readonly deviceCount: number
  readonly firstLayer: number
  readonly layerCount: number
  readonly mostDevices: number
  /** What is left on a device that holds layers `start` to `end`. */
  readonly left: (device: number, role: Role, start: number, end: number) => number
  /** A segment that is longer at its start leaves at most this much more. */
  readonly slack: number
}

interface Step {
  readonly headroom: Float64Array
  readonly start: Int32Array
  readonly previous: Int32Array
}

/**
 * For every number of devices the contiguous split, in device order, with the most left on its tightest device; devices
 * may be skipped, none is left empty. Exact: dynamic programming over (devices used, last device, layers placed).
 */
export function widestSplits(problem: ContiguousProblem): readonly (ContiguousSplit | undefined)[] {
  const { deviceCount, firstLayer, layerCount } = problem
  const most = Math.min(problem.mostDevices, deviceCount, layerCount - firstLayer)
  const tables: Step[][] = []
  const splits: (ContiguousSplit | undefined)[] = []
  for (let used = 1; used <= most; used++) {
    tables.push(used === 1 ? firstSteps(problem) : nextSteps(problem, tables[used - 2]!))
    splits.push(trace(problem, tables))
  }
  return splits
}

const emptyStep = (layerCount: number): Step => ({
  headroom: new Float64Array(layerCount + 1).fill(-Infinity),
  start: new Int32Array(layerCount + 1).fill(-1),
  previous: new Int32Array(layerCount + 1).fill(-1),
})

function firstSteps({ deviceCount, firstLayer: start, layerCount, left }: ContiguousProblem): Step[] {
  return Array.from({ length: deviceCount }, (_, device) => {
    const step = emptyStep(layerCount)
    for (let end = start + 1; end <= layerCount; end++) {
      step.headroom[end] = left(device, end === layerCount ? 'only' : 'first', start, end)
      step.start[end] = start
    }
    return step
  })
}

/** One more device: whatever chain ends before it, it takes the layers from there on. */
function nextSteps(problem: ContiguousProblem, before: readonly Step[]): Step[] {
  const { deviceCount, firstLayer, layerCount } = problem
  const best = { headroom: new Float64Array(layerCount + 1).fill(-Infinity), device: new Int32Array(layerCount + 1) }
  return Array.from({ length: deviceCount }, (_, device) => {
    const step = emptyStep(layerCount)
    if (device > 0) {
      widen(best, before[device - 1]!, device - 1)
      for (let end = firstLayer + 2; end <= layerCount; end++) extend(problem, { step, best, device, end })
    }
    return step
  })
}

interface Best {
  readonly headroom: Float64Array
  readonly device: Int32Array
}

function widen(best: Best, step: Step, device: number): void {
  for (let end = 0; end < best.headroom.length; end++) {
    if (step.headroom[end]! > best.headroom[end]!) {
      best.headroom[end] = step.headroom[end]!
      best.device[end] = device
    }
  }
}

interface Extension {
  readonly step: Step
  readonly best: Best
  readonly device: number
  readonly end: number
}

function extend(problem: ContiguousProblem, { step, best, device, end }: Extension): void {
  const { firstLayer, layerCount, left, slack } = problem
  const role: Role = end === layerCount ? 'last' : 'middle'
  for (let start = end - 1; start > firstLayer; start--) {
    const before = best.headroom[start]!
    // The chain before leaves no more than what is found already.
    if (before <= step.headroom[end]!) continue
    const own = left(device, role, start, end)
    const headroom = Math.min(before, own)
    if (headroom > step.headroom[end]!) {
      step.headroom[end] = headroom
      step.start[end] = start
      step.previous[end] = best.device[start]!
    }
    if (own + slack <= step.headroom[end]!) return
  }
}

function trace(problem: ContiguousProblem, tables: readonly (readonly Step[])[]): ContiguousSplit | undefined {
  const { layerCount } = problem
  const finals = tables.at(-1)!
  let device = 0
  for (let other = 1; other < finals.length; other++) {
    if (finals[other]!.headroom[layerCount]! > finals[device]!.headroom[layerCount]!) device = other
  }
  const headroom = finals[device]!.headroom[layerCount]!
  if (headroom === -Infinity) return undefined
  const segments: Segment[] = []
  let end = layerCount
  for (let used = tables.length - 1; used >= 0; used--) {
    const step = tables[used]![device]!
    segments.unshift({ device, role: roleOf(used, tables.length), start: step.start[end]!, end })
    const previous = step.previous[end]!
    end = step.start[end]!
    device = previous
  }
  return { segments, headroom }
}

export function roleOf(position: number, count: number): Role {
  if (count === 1) return 'only'
  if (position === 0) return 'first'
  return position === count - 1 ? 'last' : 'middle'
}
