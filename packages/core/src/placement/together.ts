import type { Machine } from '../machine/machine.ts'
import { type Attempt, oneByOne } from './joint/one-by-one.ts'
import { searchAll } from './joint/search-all.ts'
import { type Judged, judgeSplit } from './judge.ts'
import { type Occupancy, occupiedBy, type Tenant, workplaceOf } from './plan-input.ts'
import { needsHost, tightestHeadroom } from './rank.ts'
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
      /** Whether there is none, all contiguous splits having been looked at; otherwise there may be one that was not found. */
      readonly proven: boolean
      /** In the order of the tenants; undefined for those that find no room beside the others. */
      readonly placements: readonly (Placement | undefined)[]
      /** The first tenant that found none, and why, the others running. */
      readonly tenant: number
      readonly reasons: readonly Reason[]
    }

interface Together {
  readonly placements: readonly Placement[]
  /** How many of them leave some of the model or its cache on the host. */
  readonly onHost: number
  readonly headroom: number
}

/**
 * Places several models on one machine so that each still has its room when all of them have run their first prompt: what
 * the others hold is counted at its fullest, and of the margins of those that use a place the largest is kept. First one
 * after the other in different orders: of what is found so, that which leaves least to the host, then most on the tightest
 * place. Where that finds none, or none without the host, all contiguous splits of all tenants are searched, up to a limit
 * of effort.
 */
export function planTogether(input: JointInput): JointVerdict {
  let best: Together | undefined
  let furthest: Attempt | undefined
  for (const tried of oneByOne(input)) {
    const attempt = tried.failed ? tried : keepingMargins(input, tried)
    if (!furthest || attempt.placed.size > furthest.placed.size) furthest = attempt
    if (attempt.failed) continue
    const found = together(input, attempt.placed)
    if (!best || isBetter(found, best)) best = found
  }
  if (best?.onHost === 0) return { fits: true, placements: best.placements }
  const { placed: searched, proven } = searchAll(input, { mayRelyOnHost: !best })
  if (searched) return { fits: true, placements: together(input, searched).placements }
  if (best) return { fits: true, placements: best.placements }
  const { placed, failed } = furthest!
  return { fits: false, proven, placements: input.tenants.map((_, at) => placed.get(at)), ...failed! }
}

/** What was placed first was promised a margin that a later tenant, with less of its own, may have taken. */
function keepingMargins(input: JointInput, attempt: Attempt): Attempt {
  const judged = beside(input, attempt.placed)
  const tenant = judged.findIndex(({ reasons }) => reasons.length > 0)
  if (tenant === -1) return attempt
  const others = [...attempt.placed].filter(([other]) => other !== tenant)
  return { placed: new Map(others), failed: { tenant, reasons: judged[tenant]!.reasons } }
}

const isBetter = (one: Together, other: Together): boolean =>
  one.onHost === other.onHost ? one.headroom > other.headroom : one.onHost < other.onHost

function together(input: JointInput, placed: ReadonlyMap<number, Placement>): Together {
  const placements = beside(input, placed).map(({ placement }) => placement)
  const headroom = Math.min(...placements.map(tightestHeadroom))
  return { placements, onHost: placements.filter(needsHost).length, headroom }
}

/** Each placement counted again with all the others running. */
const beside = (input: JointInput, placed: ReadonlyMap<number, Placement>): readonly Judged[] =>
  input.tenants.map((tenant, at) => {
    const others = [...placed].filter(([other]) => other !== at).map(([, placement]) => placement)
    const workplace = workplaceOf({ ...tenant, machine: input.machine, ...occupiedBy(others, input) })
    const { settings, split } = placed.get(at)!
    return judgeSplit(split, { ...workplace, settings })
  })
