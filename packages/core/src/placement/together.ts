import type { Machine } from '../machine/machine.ts'
import { decide } from './decide.ts'
import { judgeSplit } from './judge.ts'
import { type Occupancy, occupiedBy, type Tenant, workplaceOf } from './plan-input.ts'
import type { Placement, Reason } from './verdict.ts'

export interface JointInput extends Occupancy {
  readonly machine: Machine
  /** Models that are to run at the same time, each a process of its own. */
  readonly tenants: readonly Tenant[]
}

export type JointVerdict =
  | { readonly fits: true; readonly placements: readonly Placement[] }
  | {
      readonly fits: false
      /** In the order of the tenants; undefined for those that find no room beside the others. */
      readonly placements: readonly (Placement | undefined)[]
      /** The first tenant that found none, and why, the others running. */
      readonly tenant: number
      readonly reasons: readonly Reason[]
    }

/** More tenants than this are placed from the largest to the smallest only: the orders of four are 24 already. */
const MOST_IN_EVERY_ORDER = 3
/** Placements of one tenant that are tried before the next: the widest, over few devices, over all. */
const BRANCHES = 3
/** Plans one answer may cost. */
const MOST_PLANS = 96

interface Attempt {
  /** By tenant. */
  readonly placed: ReadonlyMap<number, Placement>
  readonly failed?: { readonly tenant: number; readonly reasons: readonly Reason[] }
}

/**
 * Places several models on one machine so that each still has its room when all of them have run their first prompt: what
 * the others hold is counted at its fullest, and the margin of a device is kept once. Tries the tenants in different
 * orders and each in more than one split, and keeps the placement that leaves most on the tightest place; it may miss
 * one that a search over all pairs of splits would find, but what it gives is proven.
 */
export function planTogether(input: JointInput): JointVerdict {
  const budget = { plans: Math.max(MOST_PLANS, input.tenants.length) }
  let best: { readonly placements: readonly Placement[]; readonly headroom: number } | undefined
  let furthest: Attempt | undefined
  for (const order of orders(input.tenants)) {
    for (const attempt of attempts(input, order, { placed: new Map() }, budget)) {
      if (!furthest || attempt.placed.size > furthest.placed.size) furthest = attempt
      if (attempt.failed) continue
      const placements = beside(input, attempt.placed)
      const headroom = tightest(placements)
      if (!best || headroom > best.headroom) best = { placements, headroom }
    }
  }
  if (best) return { fits: true, placements: best.placements }
  const { placed, failed } = furthest!
  return { fits: false, placements: input.tenants.map((_, at) => placed.get(at)), ...failed! }
}

/** Every way to place the rest of the tenants that is worth trying; one that fails ends there. */
function* attempts(
  input: JointInput,
  order: readonly number[],
  so: Attempt,
  budget: { plans: number },
): Generator<Attempt, void, void> {
  const tenant = order[so.placed.size]
  if (tenant === undefined) {
    yield so
    return
  }
  if (budget.plans-- <= 0) return
  const occupied = occupiedBy([...so.placed.values()], input)
  const plan = { ...input.tenants[tenant]!, machine: input.machine, ...occupied }
  const decision = decide(plan, { compare: 'all', mayRelyOnHost: true })
  if (!decision.fits) {
    yield { ...so, failed: { tenant, reasons: decision.reasons } }
    return
  }
  for (const placement of decision.accepted.slice(0, BRANCHES)) {
    yield* attempts(input, order, { placed: new Map([...so.placed, [tenant, placement]]) }, budget)
  }
}

/** Each placement counted again with all the others running. */
const beside = (input: JointInput, placed: ReadonlyMap<number, Placement>): readonly Placement[] =>
  input.tenants.map((tenant, at) => {
    const others = [...placed].filter(([other]) => other !== at).map(([, placement]) => placement)
    const workplace = workplaceOf({ ...tenant, machine: input.machine, ...occupiedBy(others, input) })
    const { settings, split } = placed.get(at)!
    return judgeSplit(split, { ...workplace, settings }).placement
  })

/** Left on the fullest place that any of them uses. */
const tightest = (placements: readonly Placement[]): number =>
  Math.min(
    ...placements.flatMap(({ memory }) =>
      memory.filter(({ required }) => required > 0).map(({ headroom }) => headroom),
    ),
  )

/** Orders in which the tenants are placed, the largest first. */
function orders(tenants: readonly Tenant[]): readonly (readonly number[])[] {
  const bySize = tenants
    .map((_, at) => at)
    .toSorted((left, right) => tenants[right]!.model.weightBytes - tenants[left]!.model.weightBytes)
  return tenants.length <= MOST_IN_EVERY_ORDER ? permutations(bySize) : [bySize]
}

const permutations = (items: readonly number[]): readonly (readonly number[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
