import { decide } from '../decide.ts'
import { largestFirst, occupiedBy, type Tenant } from '../plan-input.ts'
import type { JointInput } from '../together.ts'
import type { Placement, Reason } from '../verdict.ts'

/** More tenants than this are placed from the largest to the smallest only: the orders of four are 24 already. */
const MOST_IN_EVERY_ORDER = 3
/** Placements of one tenant that are tried before the next: the widest, over few devices, over all. */
const BRANCHES = 3
/** Plans one answer may cost. */
const MOST_PLANS = 96

export interface Attempt {
  /** By tenant; the others have none. */
  readonly placed: ReadonlyMap<number, Placement>
  readonly failed?: { readonly tenant: number; readonly reasons: readonly Reason[] }
}

/**
 * Places tenants one after the other beside what was placed before, in different orders and each in more than one split.
 * Quick, and wide where there is much room; it misses what only a search over all splits finds.
 */
export function* oneByOne(input: JointInput): Generator<Attempt, void, void> {
  const budget = { plans: Math.max(MOST_PLANS, input.tenants.length) }
  for (const order of orders(input.tenants)) yield* attempts(input, order, { placed: new Map() }, budget)
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

/** Orders in which the tenants are placed, the largest first. */
function orders(tenants: readonly Tenant[]): readonly (readonly number[])[] {
  const bySize = largestFirst(tenants)
  return tenants.length <= MOST_IN_EVERY_ORDER ? permutations(bySize) : [bySize]
}

const permutations = (items: readonly number[]): readonly (readonly number[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
