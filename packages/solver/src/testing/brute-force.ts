/** Every packing of a small problem, to hold the solver's answer to. */
import { type Assigned, leftOn, type PackGoal, type PlannedProblem } from '@berth/core'

/** What one way to fill a machine comes to. */
interface Filling {
  /** By demand. */
  readonly counts: readonly number[]
  readonly gpus: number
  readonly parts: number
  readonly load: number
}

/** Goal by goal the best that any packing reaches. */
export function bestOfAll(problem: PlannedProblem, goals: readonly PackGoal[]): readonly number[] {
  let all: readonly (readonly Filling[])[] = [[]]
  for (const machine of problem.machines.keys()) {
    const fillings = fillingsOf(problem, machine)
    all = all.flatMap((so) => fillings.map((filling) => [...so, filling])).filter((so) => keepsReplicas(problem, so))
  }
  let kept = all
  return goals.map((goal) => {
    const values = kept.map((packing) => goalValue(goal, packing, problem))
    const best = isMost[goal.kind] ? Math.max(...values) : Math.min(...values)
    // Two sums of the same shares may differ in their last digits.
    kept = kept.filter((_, at) => Math.abs(values[at]! - best) < 1e-9)
    return best
  })
}

const isMost = {
  ...{ placed: true, apart: true, machines: false, gpus: false, parts: false, load: false },
} as const satisfies Record<PackGoal['kind'], boolean>

export function goalValue(goal: PackGoal, packing: readonly Filling[], { demands }: PlannedProblem): number {
  const sum = (of: (filling: Filling) => number): number => packing.reduce((total, filling) => total + of(filling), 0)
  switch (goal.kind) {
    case 'placed':
      return sum(({ counts }) =>
        counts.reduce((n, one, at) => n + (demands[at]!.priority === goal.priority ? one : 0), 0),
      )
    case 'machines':
      return sum(({ gpus }) => (gpus > 0 ? 1 : 0))
    case 'gpus':
      return sum(({ gpus }) => gpus)
    case 'apart':
      return sum(({ counts }) => counts.filter((one, at) => one > 0 && demands[at]!.replicas > 1).length)
    case 'parts':
      return sum(({ parts }) => parts)
    case 'load':
      return Math.max(0, ...packing.map(({ load }) => load))
  }
}

const keepsReplicas = ({ demands }: PlannedProblem, packing: readonly Filling[]): boolean =>
  demands.every(({ replicas }, at) => packing.reduce((sum, { counts }) => sum + counts[at]!, 0) <= replicas)

/** Replicas added one at a time in every order of what there is to add, no order twice. */
function fillingsOf(problem: PlannedProblem, machine: number): readonly Filling[] {
  const items = itemsOn(problem, machine)
  const found = new Map<string, Filling>()
  const extend = (from: number, so: readonly Assigned[]): void => {
    const filling = fillingOf(problem, machine, so)
    found.set(JSON.stringify(filling), filling)
    for (let at = from; at < items.length; at++) {
      const item = items[at]!
      const replicas = so.filter(({ demand }) => demand === item.demand).length
      const left = leftAfter(problem, machine, so)
      if (replicas < problem.demands[item.demand]!.replicas && left.has(item)) extend(at, [...so, item])
    }
  }
  extend(0, [])
  return [...found.values()]
}

function leftAfter(problem: PlannedProblem, machine: number, assigned: readonly Assigned[]) {
  const left = leftOn(problem.machines[machine]!, problem.options[machine]!)
  for (const one of assigned) left.take(one)
  return left
}

function fillingOf(problem: PlannedProblem, machine: number, assigned: readonly Assigned[]): Filling {
  const { free, before, isUsed } = leftAfter(problem, machine, assigned)
  const shares = before.devices.map((room, at) => (isUsed(at) ? (room - free.devices[at]!) / room : 0))
  return {
    counts: problem.demands.map((_, at) => assigned.filter(({ demand }) => demand === at).length),
    gpus: before.devices.filter((_, at) => isUsed(at)).length,
    parts: assigned.reduce((sum, { devices }) => sum + devices.length, 0),
    load: Math.max(0, ...shares),
  }
}

/** Every option on every choice of devices for its parts. */
const itemsOn = ({ options }: PlannedProblem, machine: number): readonly Assigned[] =>
  options[machine]!.flatMap((ofDemand, demand) =>
    ofDemand.options.flatMap((option) => {
      const pools = option.layers.map((_, at) => option.seats.find(({ positions }) => positions.includes(at))!.pool)
      const choices = pools.reduce<readonly (readonly number[])[]>(
        (so, pool) =>
          so.flatMap((devices) => pool.filter((one) => !devices.includes(one)).map((one) => [...devices, one])),
        [[]],
      )
      return choices.map((devices) => ({ demand, machine, option, devices }))
    }),
  )
