import type { Backend, Device, Machine } from '../machine/machine.ts'
import type { RunLayout } from '../memory/run-memory.ts'
import type { CacheType, RunRequest, RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { EngineId, Placement, Reason } from '../placement/verdict.ts'
import type { Bytes } from '../units.ts'
import type { ContainerImage } from './deployment/image.ts'
import type { Launch } from './launch.ts'

/** Where the engine finds the model's file: on its own disk, or on the hub by repository and quantization. */
export type ModelSource =
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'hub'
      readonly repository: string
      readonly revision?: string
      readonly quantization?: string
      readonly file?: string
    }

export interface LaunchInput {
  readonly placement: Placement
  readonly machine: Machine
  readonly source: ModelSource
  /** Of several that run at the same time, so that each listens on a port of its own; 0 when alone. */
  readonly position?: number
}

/** What the engine can be told; what it cannot, the planner does not propose. */
export interface EngineControls {
  /** Where layers lie is the engine's own choice (`choose`): only the devices it sees, and the settings, can be told. */
  readonly placesItself: boolean
  readonly layersPerDevice: boolean
  readonly blocksOnHost: boolean
  readonly expertsOnHost: boolean
  readonly cacheOnHost: boolean
  readonly pipelineOff: boolean
  /** Devices may be given in another order than the machine enumerates, where the runtime follows the list. */
  readonly deviceOrder: boolean
}

/** What the KV cache holds keys and values as. */
export interface CachePair {
  readonly cacheTypeK: CacheType
  readonly cacheTypeV: CacheType
}

/** A device that the engine sees, with what the driver reports free to it. */
export interface SeenDevice {
  readonly device: Device
  readonly free: Bytes
}

/** A run whose layers, and with a context length of 0 its context too, are left to the engine. */
export interface OpenRun {
  readonly model: Model
  readonly settings: RunSettings
  /** In the engine's order. */
  readonly devices: readonly SeenDevice[]
}

/** What an engine makes of such a run before it loads the model. */
export interface OwnChoice {
  /** unchanged: all layers on the devices, by their free memory. failed: it gives up, and loads all the same. */
  readonly outcome: 'unchanged' | 'fitted' | 'failed'
  /** Those of the run, with what the engine decides of them itself. */
  readonly settings: RunSettings
  /** Its places are positions among the devices that the engine saw. */
  readonly layout: RunLayout
}

/** What of an engine decides how a placement is started. */
export interface StartedEngine {
  readonly name: string
  readonly launch: (input: LaunchInput) => Launch
  /** What its makers publish; absent where there is none. */
  readonly container?: ContainerImage
  /** False for a library, whose host program is somebody's own, and for a program that talks to one person. */
  readonly isService: boolean
}

/** One version of an inference engine: how it runs a request, what it refuses, and what starts it. */
export interface Engine extends StartedEngine {
  readonly id: EngineId
  readonly version: string
  /** Older versions that behave otherwise, newest first; on the current version only. */
  readonly earlier?: readonly Engine[]
  /** The version whose source each claim was read in. */
  readonly verifiedAgainst: string
  readonly controls: EngineControls
  readonly backends: readonly Backend[]
  /** Most devices one run may be split over. */
  readonly deviceLimit: number
  /** Most sequences that one run serves. */
  readonly slotLimit: number
  /** Every reason why no placement at all can start, whatever the memory. */
  readonly refusals: (model: Model, machine: Machine, request: RunRequest) => readonly Reason[]
  readonly settings: (request: RunRequest, model: Model) => RunSettings
  /** Cache types that a backend's kernels read as they are; others run too, by a detour that makes every token slow. */
  readonly cachePairs: (model: Model, request: RunRequest, backend: Backend) => readonly CachePair[]
  /** Absent where the engine decides nothing of itself; undefined for a run of which it decides nothing. */
  readonly choose?: (run: OpenRun) => OwnChoice | undefined
  /** How it comes to such a choice: a sentence a decision or a term, with its numbers. */
  readonly account?: (run: OpenRun, machine: Machine) => readonly string[]
}
