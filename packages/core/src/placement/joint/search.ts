import { type Judged, isAccepted } from '../judge.ts'
import { roleOf, type Segment } from '../search/segments.ts'
import { isSpent, type JointProblem, newBounds } from './bounds.ts'
import type { JointOption, Needs } from './options.ts'
import { nothingTaken, type Taken, withDevice, withHost, withPlacement } from './taken.ts'

/** A tenant's segments so far. */
interface Node {
  readonly tenant: number
  readonly option: JointOption
  /** By the tenants before it. */
  readonly before: Taken
  readonly chain: readonly Segment[]
  /** With the chain, by what is thought of it. */
  readonly taken: Taken
}

type Found = readonly Judged[] | undefined

/**
 * A split of every tenant so that all have room together; undefined where there is none, or none was found before the
 * effort was spent. Depth first: segments of the first tenant, the longest that have room first, then those of the next
 * beside them; a branch ends where the layers left, or a later tenant by itself, have no room in what is left. What a
 * tenant needs is guessed, never too high, until its split is whole; then it is replayed. Exact over all contiguous
 * splits of these shapes.
 */
export function jointSplits(problem: JointProblem): Found {
  const { tenants, deviceCount, keys, effort } = problem
  const { hasRoom, laterMayFit, mayEnd } = newBounds(problem)

  const place = (tenant: number, before: Taken): Found => {
    if (tenant === tenants.length) return []
    for (const option of tenants[tenant]!) {
      if (isSpent(effort)) return undefined
      const taken = withHost(before, option, option.hostLeast)
      if (!taken || !hasRoom(option, before)) continue
      const found = extend({ tenant, option, before, chain: [], taken })
      if (found) return found
    }
    return undefined
  }

  const extend = (node: Node): Found => {
    const { option, chain } = node
    const needs = option.needs()
    const { layerCount } = needs.problem
    const start = chain.at(-1)?.end ?? needs.problem.firstLayer
    for (const device of nextDevices(node, keys)) {
      for (let end = layerCount; end > start; end--) {
        if (isSpent(effort)) return undefined
        effort.steps--
        const child = withSegment(node, { device, start, end })
        if (!child || !mayGoOn(child)) continue
        const found = end === layerCount ? conclude(child) : extend(child)
        if (found) return found
        if (option.needs() !== needs && !stillFits(node)) return undefined
      }
    }
    return undefined
  }

  const mayGoOn = ({ tenant, option, chain, taken }: Node): boolean => {
    const { device, end } = chain.at(-1)!
    const { layerCount } = option.needs().problem
    if (!laterMayFit(tenant + 1, taken, option.bench.staticNeed(end, layerCount))) return false
    const used = chain.reduce((mask, segment) => mask | (1 << segment.device), 0)
    return end === layerCount || mayEnd(option, taken, { used, device, end })
  }

  /** A split that is whole is counted, and the next tenant placed beside it. */
  const conclude = ({ tenant, option, before, chain }: Node): Found => {
    const split = { segments: chain }
    if (!option.bench.isJudged(split)) effort.replays -= chain.length
    const judged = option.judge(split)
    const taken = isAccepted(judged) ? withPlacement(before, option, judged.placement) : undefined
    if (!taken || !laterMayFit(tenant + 1, taken)) return undefined
    const rest = place(tenant + 1, taken)
    return rest && [judged, ...rest]
  }

  const nothing = nothingTaken(deviceCount)
  return laterMayFit(0, nothing) ? place(0, nothing) : undefined
}

/** Devices that may follow; of those that may stand in for each other, the first. */
function nextDevices({ option, chain, taken }: Node, keys: JointProblem['keys']): readonly number[] {
  const { positions, bench } = option
  const last = chain.at(-1)?.device ?? -1
  const free = positions.map((_, device) => device).filter((device) => !chain.some((one) => one.device === device))
  if (!bench.reorder) return free.filter((device) => device > last)
  if (!keys) return free
  const stateOf = (device: number): string => {
    const position = positions[device]!
    return `${keys[position]} ${taken.devices[position]} ${taken.limits[position]}`
  }
  const states = free.map(stateOf)
  return free.filter((_, at) => states.indexOf(states[at]!) === at)
}

/** Undefined where it has no room. */
function withSegment(node: Node, { device, start, end }: Omit<Segment, 'role'>): Node | undefined {
  const { option, chain, taken } = node
  const needs = option.needs()
  const isLast = end === needs.problem.layerCount
  const role = isLast ? roleOf(chain.length, chain.length + 1) : chain.length === 0 ? 'first' : 'middle'
  const segment: Segment = { device, role, start, end }
  const after = withDevice(taken, option, device, needOf(needs, option, segment))
  return after && { ...node, chain: [...chain, segment], taken: after }
}

function needOf({ tables }: Needs, { driver }: JointOption, { device, role, start, end }: Segment): number {
  const { withoutOutput, withOutput } = driver[device]!
  switch (role) {
    case 'only':
      return tables.only + withOutput
    case 'last':
      return tables.last[start]! + withOutput
    case 'first':
      return tables.first[end]! + withoutOutput
    case 'middle':
      return tables.middle[start * tables.stride + end]! + withoutOutput
  }
}

/** Whether a chain has room by what has been learned since. */
function stillFits({ option, before, chain }: Node): boolean {
  const needs = option.needs()
  let taken = withHost(before, option, option.hostLeast)
  for (const segment of chain) {
    taken = taken && withDevice(taken, option, segment.device, needOf(needs, option, segment))
  }
  return taken !== undefined
}
