import type { RunRequest } from '../memory/settings.ts'
import { type Tokens, tokens } from '../units.ts'
import { tightestHeadroom } from './rank.ts'
import type { Placement, Remedy, RemedyCost, RemedyPlan } from './verdict.ts'

/** What came of planning with a change. */
export interface Trial {
  readonly placement?: Placement
  /** Left on the tightest place; how far from fitting where it is negative. */
  readonly headroom: number
}

/** Plans with a change of the request, or with another file of the model. */
export type Attempt<Model> = (change: Partial<RunRequest>, model?: Model) => Trial

type Decided =
  | { readonly fits: true; readonly accepted: readonly Placement[] }
  | { readonly fits: false; readonly nearest?: Placement }

export function trialOf(decision: Decided): Trial {
  if (!decision.fits) return { headroom: decision.nearest ? tightestHeadroom(decision.nearest) : -Infinity }
  const [placement] = decision.accepted
  return { placement: placement!, headroom: tightestHeadroom(placement!) }
}

const costs = {
  'flash-attention': 'nothing',
  'quantize-cache': 'quality',
  'exl2-cache': 'quality',
  'reduce-ubatch': 'prompt-speed',
  'reduce-chunk': 'prompt-speed',
  'reduce-context': 'context',
  'reduce-parallel': 'slots',
  'smaller-file': 'quality',
  'experts-on-host': 'generation-speed',
  'blocks-on-host': 'generation-speed',
  'cache-on-host': 'generation-speed',
} as const satisfies Record<Remedy['code'], RemedyCost>

export const remedyPlan = (remedy: Remedy, placement: Placement): RemedyPlan => ({
  remedy,
  cost: costs[remedy.code],
  placement,
})

export const proven = (remedy: Remedy, { placement }: Trial): RemedyPlan | undefined =>
  placement && remedyPlan(remedy, placement)

interface Halving {
  readonly asked: Tokens
  readonly least: Tokens
  readonly at: (size: Tokens) => Trial
  readonly remedy: (size: Tokens) => Remedy
}

/** The largest power of two below what is asked that fits; none is tried where not even the least would do. */
export function halved({ asked, least, at, remedy }: Halving): RemedyPlan | undefined {
  if (asked <= least || !at(least).placement) return undefined
  for (let size = 2 ** Math.ceil(Math.log2(asked) - 1); size >= least; size /= 2) {
    const plan = proven(remedy(tokens(size)), at(tokens(size)))
    if (plan) return plan
  }
  return undefined
}

/** The first of these files that fits. */
export function firstFile<Model>(
  files: readonly { readonly name: string; readonly model: Model }[],
  attempt: Attempt<Model>,
): RemedyPlan | undefined {
  for (const { name, model } of files) {
    const plan = proven({ code: 'smaller-file', name }, attempt({}, model))
    if (plan) return plan
  }
  return undefined
}
