import type { Bytes } from '../units.ts'
import type { SplitMode } from './settings.ts'

/** A GPU by its position among the devices of the run, or the host. */
export type PlaceIndex = number
export const HOST: PlaceIndex = -1

/** `--override-tensor`: the first pattern found in a tensor's name decides where it lies. */
export interface TensorOverride {
  readonly pattern: string
  readonly place: PlaceIndex
}

/** Where the engine puts what: the outcome of `-ngl`, `-ts`, `-sm`, `-mg`, `-ncmoe` and `-ot` together. */
export interface RunLayout {
  readonly splitMode: SplitMode
  readonly deviceCount: number
  /** One place per layer; `blockCount + 1` long, the output layer last. */
  readonly layers: readonly PlaceIndex[]
  readonly overrides: readonly TensorOverride[]
  /** `-ts` as given: needed by split mode tensor only, where layers do not lie whole on a device. */
  readonly tensorSplit?: readonly number[]
}

/** exact: the engine's own figure to the byte. upper-bound: never less. assumed: the architecture is not described. */
export type Certainty = 'exact' | 'upper-bound' | 'assumed'

/** The least sure of several: what a sum of them can claim. */
export const leastCertain = (certainties: readonly Certainty[]): Certainty =>
  certainties.includes('assumed') ? 'assumed' : certainties.includes('upper-bound') ? 'upper-bound' : 'exact'

export interface DeviceBuffers {
  readonly model: Bytes
  readonly context: Bytes
  readonly compute: Bytes
}

export interface HostBuffers extends DeviceBuffers {
  /** Host copy of the logits (`CUDA_Host output buffer`); not part of llama.cpp's own breakdown. */
  readonly output: Bytes
  /** Stretch of the file that is mapped (`CPU_Mapped`): address space, of which `model` must be in RAM. */
  readonly mapped: Bytes
}

/** What the engine allocates for one run, before anything the driver adds. */
export interface RunMemory {
  readonly devices: readonly DeviceBuffers[]
  readonly host: HostBuffers
  readonly pipelineParallel: boolean
  /** `auto` resolved: whether every attention layer's kernel exists on its device. */
  readonly flashAttention: boolean
  readonly certainty: { readonly model: Certainty; readonly context: Certainty; readonly compute: Certainty }
}
