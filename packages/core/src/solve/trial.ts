import { estimateStatic } from '../memory/estimate.ts'
import type { RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { decide, tightestHeadroom } from '../placement/decide.ts'
import { deviceGroups } from '../placement/device-groups.ts'
import { layerCountOf } from '../placement/layout.ts'
import { judge } from '../placement/plan.ts'
import { type PlanInput, workplaceOf } from '../placement/plan-input.ts'
import { deviceRoom, freeOf } from '../placement/room.ts'
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
  /** Every split is searched. */
  readonly at: (change: Change) => Trial
  /** Only this split is counted. */
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
  return {
    input,
    at: (change) => {
      const decision = decide(changed(change), { compare: 'answer', mayRelyOnHost })
      if (decision.fits) return { fits: true, placement: decision.accepted[0]! }
      const { reasons, nearest } = decision
      return { fits: false, reasons, ...(nearest && { nearest }) }
    },
    along: ({ split, settings }, change) => {
      const asked = changed({ ...change, request: { ...change.request, offloadKqv: settings.offloadKqv } })
      const { placement, reasons } = judge({ ...asked, split })
      if (!placement) return { headroom: -Infinity }
      return { headroom: tightestHeadroom(placement), ...(reasons.length === 0 && { placement }) }
    },
    isHopeless: (change) => !mayRelyOnHost && leastNeed(changed(change)) > mostRoom(changed(change)),
  }
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
  const rooms = deviceGroups(machine, engine).map((devices) =>
    devices.reduce((sum, device) => sum + Math.max(0, freeOf(deviceRoom(device, held, settings))), 0),
  )
  return Math.max(0, ...rooms)
}
