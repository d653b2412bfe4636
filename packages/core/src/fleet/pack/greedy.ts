import { type Assigned, type Left, leftOn, needsOf } from './assigned.ts'
import { poolsOf } from './fits-alone.ts'
import type { PlannedProblem } from './formulation.ts'
import type { PackOption } from './options.ts'
import { type PackPolicy, servingOrder } from './problem.ts'

/**
 * An answer at once, and the one that a solver starts from: demand by demand in the order they are served, each replica
 * where the policy likes it best at that moment. It never takes back what it placed.
 */
export function packGreedily(problem: PlannedProblem): readonly Assigned[] {
  const left = problem.machines.map((machine, at) => leftOn(machine, problem.options[at]!))
  const placed: Assigned[] = []
  for (const demand of servingOrder(problem.demands)) {
    const counts = problem.machines.map(() => 0)
    for (let replica = 0; replica < problem.demands[demand]!.replicas; replica++) {
      const best = bestPlace({ problem, demand, left, counts })
      if (!best) break
      left[best.machine]!.take(best)
      counts[best.machine]!++
      placed.push(best)
    }
  }
  return placed
}

interface Choosing {
  readonly problem: PlannedProblem
  readonly demand: number
  readonly left: readonly Left[]
  /** Replicas of the demand, by machine. */
  readonly counts: readonly number[]
}

function bestPlace({ problem, demand, left, counts }: Choosing): Assigned | undefined {
  let best: { readonly one: Assigned; readonly cost: readonly number[] } | undefined
  for (const [machine, byDemand] of problem.options.entries()) {
    const here = left[machine]!
    for (const option of byDemand[demand]!.options) {
      const one = { demand, machine, option, devices: devicesFor(option, here, problem.policy) }
      if (!here.has(one)) continue
      const cost = costs[problem.policy](one, here, counts[machine]!)
      if (!best || isLess(cost, best.cost)) best = { one, cost }
    }
  }
  return best?.one
}

/** Of each pool the largest part first: packed, on the fullest device that has room; spread, on the freest. */
function devicesFor(option: PackOption, { free }: Left, policy: PackPolicy): readonly number[] {
  const devices = option.layers.map(() => -1)
  for (const pool of poolsOf(option)) {
    const seats = option.seats.filter((seat) => seat.pool === pool).toSorted((one, other) => other.bytes - one.bytes)
    const open = pool.toSorted((one, other) => free.devices[one]! - free.devices[other]!)
    for (const { positions, bytes } of seats) {
      for (const position of positions) {
        const fullest = open.findIndex((at) => free.devices[at]! >= bytes)
        const [device = -1] = open.splice(policy === 'pack' && fullest !== -1 ? fullest : -1, 1)
        devices[position] = device
      }
    }
  }
  return devices
}

type Cost = (one: Assigned, left: Left, count: number) => readonly number[]

/** Compared from the first on; the least is best. */
const costs = {
  // A machine that has to be begun is the roomiest, as it will hold most of the rest.
  pack: (one, { isUsed, before, free }) => [
    before.devices.some((_, device) => isUsed(device)) ? 0 : 1 / sumOf(before.devices),
    one.devices.filter((device) => !isUsed(device)).length,
    one.devices.length,
    needsOf(one).reduce((sum, { device, bytes }) => sum + free.devices[device]! - bytes, 0),
  ],
  spread: (one, { before, free }, count) => [
    count,
    one.devices.length,
    Math.max(
      0,
      ...needsOf(one).map(({ device, bytes }) => 1 - (free.devices[device]! - bytes) / before.devices[device]!),
    ),
  ],
} as const satisfies Record<PackPolicy, Cost>

const sumOf = (rooms: readonly number[]): number => rooms.reduce((sum, room) => sum + Math.max(0, room), 0)

function isLess(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, position) => value !== other[position])
  return at !== -1 && one[at]! < other[at]!
}
