import type { Tokens } from '../../units.ts'
import type { FitStep } from './fit-result.ts'
import type { PlacementFlags } from './flags.ts'

/** What llama.cpp learns of one device from a dry load. Bytes. */
export interface DeviceUse {
  /** Free while the dry context is alive. */
  readonly free: number
  readonly model: number
  /** Model, context and compute. */
  readonly used: number
}

/** Throws `FitAbort` when asked too often. */
export type Measure = (contextLength: Tokens, flags: PlacementFlags) => readonly DeviceUse[]

/** What `common_params_fit_impl` decides from; it sees no model, only these numbers and what it measures. */
export interface FitProblem {
  /** 0 when the fit is into host memory. */
  readonly deviceCount: number
  /** `hp_ngl`: blocks that run. */
  readonly blockCount: number
  readonly hasExperts: boolean
  readonly contextLengthTrained: number
  /** 0 where the user left it open. */
  readonly contextLengthAsked: Tokens
  /** Of one stream. */
  readonly contextMin: number
  readonly sequences: number
  readonly streams: number
  /** Bytes to leave free on each device; one entry for the host when there is none. */
  readonly margins: readonly number[]
  /** As the user set them. */
  readonly flags: PlacementFlags
  /** Whether the user moved tensors by hand. */
  readonly overridden: boolean
  readonly measure: Measure
  readonly note: (step: FitStep) => void
}
