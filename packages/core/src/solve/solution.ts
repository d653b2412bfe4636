import type { CacheType, RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { PlanInput } from '../placement/plan-input.ts'
import type { Placement, Reason } from '../placement/verdict.ts'
import type { Mix } from '../quantize/mix.ts'
import type { Tokens } from '../units.ts'

export type UnknownId = 'context' | 'slots' | 'cache-type' | 'mix'

/** One file of the model, stored or still to be made. */
export interface MixCandidate {
  readonly id: string
  /** The mix that the file says it is; absent where it says none. */
  readonly mix?: Mix
  /** Described when it is first looked at: a long list costs what is tried of it. */
  readonly model: () => Model
}

/** A plan of which one thing is left open. What the request says of the unknown itself is not looked at. */
export interface SolveInput extends PlanInput {
  readonly unknown: UnknownId
  /** What a mix is chosen from; without them, the model as it is. */
  readonly candidates?: readonly MixCandidate[]
}

/** A value of the unknown. */
export type SolvedValue =
  | {
      readonly unknown: 'context'
      /** `-c`: all slots together, unless they share one cache. */
      readonly contextLength: Tokens
      /** What one slot may use. */
      readonly contextPerSlot: Tokens
    }
  | {
      readonly unknown: 'slots'
      readonly parallel: number
      /** `-c` that leaves each slot the context it had. */
      readonly contextLength: Tokens
    }
  | { readonly unknown: 'cache-type'; readonly cacheTypeK: CacheType; readonly cacheTypeV: CacheType }
  | { readonly unknown: 'mix'; readonly candidate: string }

/** A value that does not fit, and why. */
export interface RefusedValue {
  readonly value: SolvedValue
  readonly reasons: readonly Reason[]
  /** The placement that lacks least; absent where the engine refuses before anything is placed. */
  readonly nearest?: Placement
}

/** What keeps a value from being better still. */
export type Bound =
  /** The next better value does not fit: the proof that this is the best. */
  | ({ readonly code: 'next-does-not-fit' } & RefusedValue)
  /** The model was trained for no more. */
  | { readonly code: 'trained-context' }
  /** The engine serves no more slots. */
  | { readonly code: 'engine-limit' }
  /** The best there is to choose from. */
  | { readonly code: 'best-offered' }

export type Solution =
  | {
      readonly solved: true
      readonly value: SolvedValue
      /** As it was asked, with the value in place of the unknown. */
      readonly request: RunRequest
      /** Breaks no rule on any place; a plan of `request` may find a better one. */
      readonly placement: Placement
      readonly bound: Bound
    }
  /** Not even the least value fits. */
  | ({ readonly solved: false } & RefusedValue)
