import type { Milp, Stage } from './milp.ts'
import type { DemandOptions, PackOption } from './options.ts'
import type { PackProblem } from './problem.ts'

/** A problem with the ways to run each demand on each machine. */
export interface PlannedProblem extends PackProblem {
  /** By machine, then by demand; none where it is not allowed. */
  readonly options: readonly (readonly DemandOptions[])[]
}

/** What a packing seeks. */
export type PackGoal =
  /** Replicas placed of the demands of a priority. */
  | { readonly kind: 'placed'; readonly priority: number }
  /** Machines that hold some of it. */
  | { readonly kind: 'machines' }
  /** GPUs that hold some of it. */
  | { readonly kind: 'gpus' }
  /** Machines that hold a model, summed over those of several replicas: replicas that would not fall together. */
  | { readonly kind: 'apart' }
  /** GPUs that a replica is split over, summed over the replicas. */
  | { readonly kind: 'parts' }
  /** The largest share that is taken of what was free on a GPU. */
  | { readonly kind: 'load' }

/** The columns of one option of a demand on a machine. */
export interface OptionColumns {
  readonly demand: number
  readonly machine: number
  readonly option: PackOption
  /** Replicas that run so. */
  readonly count: number
  /** By seat, then by position in its pool: parts that lie on that device. Absent where every device takes one a replica. */
  readonly seats: readonly (readonly number[] | undefined)[]
}

/** What may lie on a place. */
export interface PlaceLoad {
  readonly machine: number
  /** Position of the device; absent for the host. */
  readonly device?: number
  /** Before margins. */
  readonly free: number
  readonly parts: readonly {
    readonly column: number
    readonly bytes: number
    readonly margin: number
    readonly demand: number
  }[]
}

export interface Formulation {
  readonly milp: Milp
  readonly stages: readonly Stage<PackGoal>[]
  readonly chosen: readonly OptionColumns[]
  /** The columns that follow from counts and seats, worked out from those. */
  readonly complete: (values: readonly number[]) => readonly number[]
}
