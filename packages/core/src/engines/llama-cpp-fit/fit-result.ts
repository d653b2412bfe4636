import type { Certainty } from '../../memory/run-memory.ts'
import type { Bytes, Tokens } from '../../units.ts'
import type { BlockFraction } from './assignment.ts'
import type { FitBuffer, FitOverride } from './flags.ts'

export interface FitDevice {
  /** What the driver reports free to the engine's process, which has its own CUDA context by then. */
  readonly free: Bytes
}

export interface FitOptions {
  /** `--fit-target`: bytes to leave free; one for all devices, or one a device. 1024 MiB where none is given. */
  readonly margins?: readonly Bytes[]
  /** `--fit-ctx`: least context of one stream; 4096 by default. `UINT32_MAX` stands for a user's own `-c 0`. */
  readonly contextMin?: Tokens
  /** `-ngl` as the user gave it; -1 leaves it to the fit. */
  readonly gpuLayers?: number
  /** RAM in all: what a run without a device is fitted into. */
  readonly hostMemoryTotal?: Bytes
}

/** unchanged: it fits as it is. failed: llama.cpp warns and starts all the same, with the context it got to. */
export type FitOutcome = 'unchanged' | 'fitted' | 'failed'

export type FitFailure =
  /** `--split-mode tensor` and, with several devices, `row` are refused. */
  | 'split-mode'
  /** The fit replaces nothing that the user set. */
  | 'gpu-layers-set'
  | 'tensor-split-set'
  | 'overrides-set'
  | 'host-memory-unknown'
  | 'host-memory-insufficient'
  /** `llama_max_tensor_buft_overrides`, and the 1000 names that are kept for block patterns. */
  | 'too-many-overrides'
  /** llama.cpp divides by zero or passes int64 here: it may stop, or start with anything. */
  | 'undefined-arithmetic'
  /** llama.cpp itself would search on and on. */
  | 'search-without-end'

export interface FitResult {
  readonly outcome: FitOutcome
  readonly failure?: FitFailure
  /** `n_ctx`, all sequences together. */
  readonly contextLength: Tokens
  /** `-ngl`; -1 where the fit leaves it at its default, all layers. */
  readonly gpuLayers: number
  /** `-ts`: layers a device; zeros where the fit leaves it to the free memory at start, and with one device. */
  readonly tensorSplit: readonly number[]
  /** `-ot` that the fit adds. */
  readonly overrides: readonly FitOverride[]
  readonly steps: readonly FitStep[]
  /** Layouts whose memory was computed; each costs llama.cpp a dry load of the model. */
  readonly measurements: number
  /** assumed where the architecture's graph is not described. */
  readonly certainty: Certainty
}

/** Devices are named by their position. Without a device the host stands in as device 0 of `measured` steps. */
export type FitStep =
  | {
      readonly code: 'measured-as-asked'
      readonly contextLength: Tokens
      readonly devices: readonly { readonly free: Bytes; readonly used: Bytes; readonly margin: Bytes }[]
      readonly fits: boolean
    }
  | { readonly code: 'kept-context'; readonly contextLength: Tokens; readonly because: KeptContextReason }
  | {
      readonly code: 'reduced-context'
      readonly from: Tokens
      readonly to: Tokens
      readonly minimum: Tokens
      /** What all devices together may use. */
      readonly usedTarget: Bytes
      readonly usedBefore: Bytes
      readonly usedAtMinimum: Bytes
    }
  /** Free memory in all if every expert lay on the host; negative when even that is too much. */
  | { readonly code: 'measured-without-experts'; readonly surplus: Bytes }
  | {
      readonly code: 'filled-device'
      readonly device: number
      /** Layers given to it, of those that were left. */
      readonly layers: number
      readonly layersLeft: number
      readonly expertsOnHost: boolean
      readonly used: Bytes
      readonly target: Bytes
      readonly tried: readonly FitTrial[]
    }
  | {
      readonly code: 'moved-experts'
      readonly device: number
      readonly layers: number
      /** Of those, the ones with all their experts. */
      readonly layersFull: number
      readonly used: Bytes
      readonly target: Bytes
      readonly tried: readonly FitTrial[]
    }
  | {
      readonly code: 'tried-part-of-layer'
      readonly device: number
      readonly fraction: BlockFraction
      /** Where the rest of the block would lie. */
      readonly overflowTo: FitBuffer
      readonly used: Bytes
      readonly target: Bytes
      readonly fits: boolean
    }

export type KeptContextReason = 'set-by-user' | 'enough-in-total' | 'at-minimum'

/** One step of a search for the largest number of layers that fits. */
export interface FitTrial {
  readonly layers: number
  readonly used: Bytes
  readonly fits: boolean
}

/** Ends a fit from the depth of a search, as `common_params_fit_exception` does. */
export class FitAbort extends Error {
  readonly failure: FitFailure
  constructor(failure: FitFailure) {
    super(`fit aborted: ${failure}`)
    this.name = 'FitAbort'
    this.failure = failure
  }
}
