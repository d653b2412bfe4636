import { estimateStatic } from '../memory/estimate.ts'
import type { RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { decide } from '../placement/decide.ts'
import { deviceGroups } from '../placement/device-groups.ts'
import { layerCountOf } from '../placement/layout.ts'
import { judge } from '../placement/plan.ts'
import { type PlanInput, workplaceOf } from '../placement/plan-input.ts'
import { needsHost, tightestHeadroom } from '../placement/rank.ts'
import { freeInAll } from '../placement/room.ts'
import type { Placement, Reason } from '../placement/verdict.ts'

/** A value in place of the unknown. */
export interface Change {
  readonly request?: Partial<RunRequest>
  readonly model?: Model
}

/** What came of planning with a value. */
export type Trial =
  | { readonly fits: true; readonly placement: Placement }
  | { readonly fits: false; readonly reasons: readonly Reason[]; readonly nearest?: Placement }

/** One split with another value: what it leaves on its tightest place, and itself where that is enough. */
export interface FixedTrial {
  readonly placement?: Placement
  readonly headroom: number
}

/** Ways to try a value, from the dearest to the cheapest. */
export interface Trials {
  readonly input: PlanInput
  /** Every split is searched. Without a reason, it fits with the host's help only, which was ruled out. */
  readonly at: (change: Change) => Trial
  /** Only this split is counted, where the engine can be told one. */
  readonly along: (placement: Placement, change: Change) => FixedTrial
  /** Weights and context alone are more than all devices together have: no split can fit. Exact, and in microseconds. */
  readonly isHopeless: (change: Change) => boolean
}

/** Whether a value fits does not depend on which of several placements is preferred. */
export function newTrials({ preference: _, ...input }: PlanInput, mayRelyOnHost: boolean): Trials {
  const changed = ({ request, model }: Change): PlanInput => ({
    ...input,
    ...(model && { model }),
    request: { ...input.request, ...request },
  })
  const at = (change: Change): Trial => {
    const decision = decide(changed(change), { compare: 'answer', mayRelyOnHost })
    if (!decision.fits) {
      const { reasons, nearest } = decision
      return { fits: false, reasons, ...(nearest && { nearest }) }
    }
    // An engine that places layers itself is not asked to keep off the host.
    const placement = decision.accepted.find((one) => mayRelyOnHost || !needsHost(one))
    return placement ? { fits: true, placement } : { fits: false, reasons: [] }
  }
  return {
    input,
    at,
    along: ({ split, settings }, change) => {
      if (input.engine.controls.placesItself) return asFixed(at(change))
      const asked = changed({ ...change, request: { ...change.request, offloadKqv: settings.offloadKqv } })
      const { placement, reasons } = judge({ ...asked, split })
      if (!placement) return { headroom: -Infinity }
      return { headroom: tightestHeadroom(placement), ...(reasons.length === 0 && { placement }) }
    },
    isHopeless: (change) => !mayRelyOnHost && leastNeed(changed(change)) > mostRoom(changed(change)),
  }
}

/** Such an engine is told no split: what it makes of the change is all there is to go along. */
function asFixed(trial: Trial): FixedTrial {
  if (trial.fits) return { placement: trial.placement, headroom: tightestHeadroom(trial.placement) }
  return { headroom: trial.nearest ? tightestHeadroom(trial.nearest) : -Infinity }
}

/** Weights and context of the whole model on one device; over several, what they share is held more than once. */
function leastNeed(input: PlanInput): number {
  const { model, settings } = workplaceOf(input)
  const layers = Array.from({ length: layerCountOf(model) }, () => 0)
  const layout = { splitMode: 'none', deviceCount: 1, layers, overrides: [] } as const
  const { model: weights, context } = estimateStatic({ model, settings, layout }).devices[0]!
  return weights + context
}

/** What the devices that may run together have left at most. */
function mostRoom(input: PlanInput): number {
  const { machine, engine, settings, held } = workplaceOf(input)
  return Math.max(0, ...deviceGroups(machine, engine).map((devices) => freeInAll(devices, held, settings)))
}
