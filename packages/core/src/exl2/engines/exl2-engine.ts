import type { Backend } from '../../machine/machine.ts'
import type { Exl2EngineId, Reason } from '../../placement/verdict.ts'
import type { EngineControls, StartedEngine } from '../../engines/engine.ts'
import type { Device, Machine } from '../../machine/machine.ts'
import type { RunRequest } from '../../memory/settings.ts'
import type { Bytes } from '../../units.ts'
import type { Exl2Format, Exl2Model } from '../model.ts'
import type { Exl2Run } from '../plan/run.ts'
import type { Exl2CacheMode } from '../settings.ts'

/** What an engine can be asked for on some devices: splits by hand, by itself with these reserves, or either. */
export interface SplitChoices {
  readonly manual: boolean
  /** What it keeps free on each device while it loads; absent where it does not split by itself there. */
  readonly auto?: readonly Bytes[]
}

/** A set of devices that one process sees, in its order, with what must stay free on each beyond the plan. */
export interface SeenDevices {
  readonly format: Exl2Format
  readonly margins: readonly Bytes[]
}

/** An engine that runs EXL2 or EXL3 folders: how it runs a request, what it refuses, and what starts it. */
export interface Exl2Engine extends StartedEngine {
  readonly id: Exl2EngineId
  readonly version: string
  /** The version whose source each claim was read in. */
  readonly verifiedAgainst: string
  readonly controls: EngineControls
  readonly backends: readonly Backend[]
  readonly formats: readonly Exl2Format[]
  /** The caches that it can be told. */
  readonly cacheModes: readonly Exl2CacheMode[]
  /** Most devices one run may be split over. */
  readonly deviceLimit: number
  /** Most sequences that one run serves. */
  readonly slotLimit: number
  /** Whether it runs a pass once everything is loaded, so that a run which cannot serve a prompt dies at the start. */
  readonly triesPass: boolean
  readonly refusals: (model: Exl2Model, machine: Machine, request: RunRequest) => readonly Reason[]
  /** Devices it can use for such a request, of those that its backends drive. */
  readonly runsOn: (device: Device, model: Exl2Model, request: RunRequest) => boolean
  readonly run: (request: RunRequest, model: Exl2Model, devices: readonly Device[]) => Exl2Run
  readonly splits: (devices: SeenDevices) => SplitChoices
}

/** A split is told in GB, and nothing lies on the host but the embedding. */
export const EXL2_CONTROLS: EngineControls = {
  placesItself: false,
  layersPerDevice: true,
  blocksOnHost: false,
  expertsOnHost: false,
  cacheOnHost: false,
  pipelineOff: false,
  deviceOrder: true,
}
