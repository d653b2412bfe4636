import type { Machine } from '../../machine/machine.ts'
import type { Model } from '../../model/model.ts'
import type { Placement } from '../verdict.ts'

/** An objective: of two placements that fit, the one that scores higher, from 0 to 1, comes first. */
export interface Preference {
  readonly name: string
  readonly score: (placement: Placement, about: { readonly model: Model; readonly machine: Machine }) => number
}
