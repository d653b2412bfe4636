import type { Backend, Machine } from '../machine/machine.ts'
import type { RunRequest, RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { EngineId, Placement, Reason } from '../placement/verdict.ts'
import type { Launch } from './launch.ts'

/** Where the engine finds the model's file: on its own disk, or on the hub by repository and quantization. */
export type ModelSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'hub'; readonly repository: string; readonly quantization?: string; readonly file?: string }

export interface LaunchInput {
  readonly placement: Placement
  readonly machine: Machine
  readonly source: ModelSource
}

/** What the engine can be told; what it cannot, the planner does not propose. */
export interface EngineControls {
  readonly layersPerDevice: boolean
  readonly blocksOnHost: boolean
  readonly expertsOnHost: boolean
  readonly cacheOnHost: boolean
  readonly pipelineOff: boolean
  /** Devices may be given in another order than the machine enumerates, where the runtime follows the list. */
  readonly deviceOrder: boolean
}

/** One inference engine: how it runs a request, what it refuses, and what starts it. */
export interface Engine {
  readonly id: EngineId
  readonly name: string
  /** The version whose source each claim was read in. */
  readonly verifiedAgainst: string
  readonly controls: EngineControls
  readonly backends: readonly Backend[]
  /** Most devices one run may be split over. */
  readonly deviceLimit: number
  /** Every reason why no placement at all can start, whatever the memory. */
  readonly refusals: (model: Model, machine: Machine, request: RunRequest) => readonly Reason[]
  readonly settings: (request: RunRequest, model: Model) => RunSettings
  readonly launch: (input: LaunchInput) => Launch
}
