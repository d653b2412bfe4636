import { type ContiguousSplit, type NeedTables, roleOf, type Segment, type SegmentProblem } from './segments.ts'

type Split = ContiguousSplit | undefined

/** What the best chain leaves that ends with a device before a layer, and how it came there. */
interface Step {
  readonly headroom: Float64Array
  readonly start: Int32Array
  readonly previous: Int32Array
}

/** What a split must leave more than to be looked for at all. */
export interface Ambition {
  readonly floor: number
  /** Over more devices only what leaves more than fewer did. */
  readonly rising?: boolean
  /** No further than the fewest devices that beat the floor. */
  readonly first?: boolean
}

/**
 * By the number of devices the contiguous split, in device order, with the most left on its tightest device; devices
 * may be skipped, none is left empty; undefined where none beats the floor. Exact: dynamic programming over (devices
 * used, last device, layers placed).
 */
export function widestSplits(problem: SegmentProblem, tables: NeedTables, ambition: Ambition): readonly Split[] {
  const { rooms, firstLayer, layerCount } = problem
  const most = Math.min(problem.mostDevices, rooms.length, layerCount - firstLayer)
  const chains: Step[][] = []
  const splits: Split[] = []
  let { floor } = ambition
  for (let used = 1; used <= most; used++) {
    chains.push(used === 1 ? firstSteps(problem, tables) : nextSteps(problem, tables, chains[used - 2]!, floor))
    const split = trace(problem, chains)
    splits.push(split && split.headroom > floor ? split : undefined)
    if (ambition.first && splits.at(-1)) break
    if (ambition.rising) floor = Math.max(floor, split?.headroom ?? -Infinity)
  }
  return splits
}

const emptyStep = (layerCount: number): Step => ({
  headroom: new Float64Array(layerCount + 1).fill(-Infinity),
  start: new Int32Array(layerCount + 1).fill(-1),
  previous: new Int32Array(layerCount + 1).fill(-1),
})

function firstSteps({ rooms, firstLayer, layerCount }: SegmentProblem, tables: NeedTables): Step[] {
  return rooms.map(({ withoutOutput, withOutput, unit }) => {
    const step = emptyStep(layerCount)
    for (let end = firstLayer + 1; end < layerCount; end++)
      step.headroom[end] = (withoutOutput - tables.first[end]!) / unit
    step.headroom[layerCount] = (withOutput - tables.only) / unit
    return step
  })
}

/** One more device: whatever chain ends before it, it takes the layers from there on. */
function nextSteps(problem: SegmentProblem, tables: NeedTables, before: readonly Step[], floor: number): Step[] {
  const { rooms, layerCount } = problem
  const best: Best = { headroom: new Float64Array(layerCount).fill(-Infinity), device: new Int32Array(layerCount) }
  return rooms.map((_, device) => {
    const step = emptyStep(layerCount)
    if (device > 0) {
      widen(best, before[device - 1]!, device - 1)
      extend(problem, tables, { step, best, device, floor })
    }
    return step
  })
}

/** The best chain of the devices so far, by where it ends. */
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
  readonly floor: number
}

function extend(problem: SegmentProblem, tables: NeedTables, { step, best, device, floor }: Extension): void {
  const { firstLayer, layerCount, rooms } = problem
  const { withoutOutput, withOutput, unit } = rooms[device]!
  const { stride, middle, last, leastBefore } = tables
  for (let end = firstLayer + 2; end <= layerCount; end++) {
    const isLast = end === layerCount
    let found = floor
    for (let start = end - 1; start > firstLayer; start--) {
      const at = start * stride + end
      // No segment that begins here or earlier leaves more than what is found.
      if (!isLast && (withoutOutput - leastBefore[at]!) / unit <= found) break
      const before = best.headroom[start]!
      if (before <= found) continue
      const own = isLast ? (withOutput - last[start]!) / unit : (withoutOutput - middle[at]!) / unit
      if (own <= found) continue
      found = own < before ? own : before
      step.headroom[end] = found
      step.start[end] = start
      step.previous[end] = best.device[start]!
    }
  }
}

function trace({ firstLayer, layerCount }: SegmentProblem, chains: readonly (readonly Step[])[]): Split {
  const finals = chains.at(-1)!
  let device = 0
  for (let other = 1; other < finals.length; other++) {
    if (finals[other]!.headroom[layerCount]! > finals[device]!.headroom[layerCount]!) device = other
  }
  const headroom = finals[device]!.headroom[layerCount]!
  if (headroom === -Infinity) return undefined
  const segments: Segment[] = []
  let end = layerCount
  for (let used = chains.length - 1; used >= 0; used--) {
    const step = chains[used]![device]!
    const start = used === 0 ? firstLayer : step.start[end]!
    segments.unshift({ device, role: roleOf(used, chains.length), start, end })
    device = step.previous[end]!
    end = start
  }
  return { segments, headroom }
}
