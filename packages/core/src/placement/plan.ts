import { decide, inOrder, refusalsOf, type Scores } from './decide.ts'
import { judgeSplit } from './judge.ts'
import { layerCountOf, layerCounts, layersPlaced } from './layout.ts'
import { largestContextSplit } from './largest-context.ts'
import { type PlanInput, type Tenant, workplaceOf } from './plan-input.ts'
import { preferences } from './preferences/index.ts'
import { remedies } from './remedies.ts'
import { planTogether } from './together.ts'
import type { LayerSplit, Placement, Reason, Verdict } from './verdict.ts'

/** Placements shown beside the best. */
const MOST_OTHERS = 6

/**
 * Whether a machine can host a model as asked, how it is split over its devices, and what stands against it or would
 * change that. The engine refuses or states its settings; candidate splits are judged against every rule; preferences
 * order those that are in. A placement that is returned as fitting breaks no rule on any place.
 */
export function plan(input: PlanInput): Verdict {
  const { everyCount = false } = preferences[input.preference ?? 'headroom']
  const fastest = input.preference === 'fastest'
  const scores: Scores = new Map()
  const decision = decide(input, { compare: 'all', mayRelyOnHost: true, everyCount, fastest }, scores)
  if (decision.fits) {
    const further = besideThem(decision.accepted[0]!, input, scores)
    const accepted = further ? inOrder([...decision.accepted, further], input, scores) : decision.accepted
    const [best, ...others] = accepted
    return { fits: true, best: best!, others: others.slice(0, MOST_OTHERS) }
  }
  const { reasons, nearest } = decision
  return { fits: false, reasons, ...(nearest && { nearest }), remedies: remedies(input, decision) }
}

/** What an objective looks for beside the splits that all of them compare. */
function besideThem(best: Placement, input: PlanInput, scores: Scores): Placement | undefined {
  if (input.preference === 'largest-context') {
    return largestContextSplit({ placement: best, share: scores.get(best)! }, input)
  }
  if (input.preference === 'room-for-another' && input.other) return roomiestBeside(input.other, input)
  return undefined
}

/** Where the model lies when both are placed at once. */
function roomiestBeside(other: Tenant, input: PlanInput): Placement | undefined {
  const { placements } = planTogether({ ...input, tenants: [input, other] })
  return placements[0] && judgeSplit(placements[0].split, workplaceOf(input)).placement
}

export interface JudgedSplit {
  /** Absent where the split cannot be counted at all. */
  readonly placement?: Placement
  readonly reasons: readonly Reason[]
}

/** A split made by hand instead of searched: the same counting, the same rules. */
export function judge(input: PlanInput & { readonly split: LayerSplit }): JudgedSplit {
  const refusals = refusalsOf(input)
  if (refusals.length > 0) return { reasons: refusals }
  if (input.engine.controls.placesItself) return { reasons: [SPLIT_NOT_TOLD] }
  const split = { ...input.split, devices: input.split.devices.filter(({ layers }) => layers > 0) }
  const expected = layerCountOf(input.model)
  const layers = layersPlaced(split)
  if (layers !== expected || !isCountable(split)) {
    return { reasons: [{ code: 'split-does-not-cover-layers', layers, expected }] }
  }
  return judgeSplit(split, workplaceOf(input))
}

/** A plan; of a split made by hand instead what is to be said of that one, the only placement there is then. */
export function planOrJudge({ split, ...input }: PlanInput & { readonly split?: LayerSplit }): Verdict {
  if (!split) return plan(input)
  const { placement, reasons } = judge({ ...input, split })
  if (placement && reasons.length === 0) return { fits: true, best: placement, others: [] }
  return { fits: false, reasons, ...(placement && { nearest: placement }), remedies: [] }
}

const SPLIT_NOT_TOLD: Reason = {
  ...{ code: 'setting-not-supported', setting: 'split', value: 'by hand' },
  because: 'engine-places-layers-itself',
}

const isCountable = ({ devices, hostBlocks, expertsOnHost }: LayerSplit): boolean =>
  [hostBlocks, expertsOnHost, ...layerCounts({ devices })].every((count) => Number.isInteger(count) && count >= 0)
