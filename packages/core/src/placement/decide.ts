import { candidates, type Thoroughness } from './candidates.ts'
import { deviceGroups } from './device-groups.ts'
import { type Judged, isAccepted } from './judge.ts'
import { splitKey } from './layout.ts'
import { ownPlacements } from './own-placements.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import { preferences } from './preferences/index.ts'
import { tightestHeadroom } from './rank.ts'
import type { Placement, Reason } from './verdict.ts'

/** Placements that may start, best first; or none, with what stands against the one that lacks least. */
export type Decision =
  | { readonly fits: true; readonly accepted: readonly Placement[] }
  | {
      readonly fits: false
      readonly reasons: readonly Reason[]
      readonly nearest?: Placement
      /** Fit every device, but rely on a host whose memory nobody told. */
      readonly conditional: readonly Placement[]
    }

const refused = (reasons: readonly Reason[]): Decision => ({ fits: false, reasons, conditional: [] })

/** What the engine refuses whatever the memory. */
export const refusalsOf = ({ engine, model, machine, request }: PlanInput): readonly Reason[] =>
  engine.refusals(model, machine, request)

/** Scores that were worked out for a plan: some cost as much as a plan. */
export type Scores = Map<Placement, number>

/** Whether a run fits, without looking for what would change a no. */
export function decide(input: PlanInput, thoroughness: Thoroughness, scores: Scores = new Map()): Decision {
  const { engine } = input
  const refusals = refusalsOf(input)
  if (refusals.length > 0) return refused(refusals)
  if (deviceGroups(input.machine, engine).length === 0)
    return refused([{ code: 'no-devices', machine: input.machine.id }])
  const workplace = workplaceOf(input)
  const judged = engine.controls.placesItself ? ownPlacements(workplace) : candidates(workplace, thoroughness)
  const accepted = judged.filter(isAccepted).map(({ placement }) => placement)
  return accepted.length > 0 ? { fits: true, accepted: inOrder(accepted, input, scores) } : lacking(judged)
}

/** What a plan leaves on its tightest place at best; how far it is from fitting where that is negative. */
function headroomOf(input: PlanInput): number {
  const decision = decide(input, { compare: 'widest', mayRelyOnHost: true })
  if (decision.fits) return Math.max(...decision.accepted.map(tightestHeadroom))
  return decision.nearest ? tightestHeadroom(decision.nearest) : -Infinity
}

/** By preference, then on fewer devices; what places the same once. */
export function inOrder(placements: readonly Placement[], input: PlanInput, scores: Scores): readonly Placement[] {
  const { score } = preferences[input.preference ?? 'headroom']
  const keyOf = ({ split, settings }: Placement): string => `${splitKey(split)} ${settings.offloadKqv}`
  const distinct = [...new Map(placements.toReversed().map((one) => [keyOf(one), one])).values()].toReversed()
  const scored = distinct.map((placement) => {
    const known = scores.get(placement) ?? score(placement, { input, headroomOf })
    scores.set(placement, known)
    return { placement, score: known }
  })
  return scored
    .toSorted(
      (left, right) =>
        right.score - left.score || left.placement.split.devices.length - right.placement.split.devices.length,
    )
    .map(({ placement }) => placement)
}

function lacking(judged: readonly Judged[]): Decision {
  const isConditional = ({ reasons }: Judged): boolean => reasons.every(({ code }) => code === 'host-memory-unknown')
  const conditional = judged.filter(isConditional)
  const short = judged.filter((one) => !isConditional(one))
  const nearest = (short.length > 0 ? short : conditional).reduce((best, one) =>
    shortage(one.placement) < shortage(best.placement) ? one : best,
  )
  const unknown = conditional.slice(0, 1).flatMap(({ reasons }) => reasons)
  return {
    fits: false,
    reasons: [...nearest.reasons.filter(({ code }) => code !== 'host-memory-unknown'), ...unknown],
    nearest: nearest.placement,
    conditional: conditional.map(({ placement }) => placement),
  }
}

/** Bytes lacking on all places together. */
export const shortage = ({ memory }: Placement): number =>
  memory.reduce((sum, { required, headroom }) => sum + (required > 0 ? Math.max(0, -headroom) : 0), 0)
