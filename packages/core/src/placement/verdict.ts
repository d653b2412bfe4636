import type { Exl2Told } from '../exl2/plan/run.ts'
import type { Exl2CacheMode } from '../exl2/settings.ts'
import type { DeviceId, MachineId } from '../ids.ts'
import type { Certainty, TensorOverride } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import type { Bytes } from '../units.ts'

export type EngineId = 'llama.cpp' | 'llamafile' | 'ollama' | 'koboldcpp' | 'llamasharp'
/** Engines that run EXL2 or EXL3 folders. */
export type Exl2EngineId = 'exllamav2' | 'exllamav3' | 'tabbyapi'
export type AnyEngineId = EngineId | Exl2EngineId

/** A device of the machine, or its host memory. */
export type Place = { readonly kind: 'device'; readonly device: DeviceId } | { readonly kind: 'host' }

/** Layers per device in the order the engine is given them; the output layer counts with the last one used. */
export interface LayerSplit {
  readonly devices: readonly { readonly device: DeviceId; readonly layers: number }[]
  /** Split mode tensor: every layer is cut in the proportions of the counts above, instead of lying whole on a device. */
  readonly tensor?: true
  /** First blocks left in host memory. */
  readonly hostBlocks: number
  /** First blocks whose experts stay in host memory (`--n-cpu-moe`). */
  readonly expertsOnHost: number
  /** Parts of a block moved by `--override-tensor`; empty unless the plan needs one. */
  readonly overrides: readonly TensorOverride[]
}

/** llama.cpp's memory breakdown, plus what it prints as *unaccounted*. */
export interface PlaceMemory {
  readonly place: Place
  readonly model: Bytes
  readonly context: Bytes
  readonly compute: Bytes
  /**
   * What the driver takes beside the engine's buffers, by the first prompt at the latest; an upper bound. Of ExLlama
   * also the tensors of one pass.
   */
  readonly overhead: Bytes
  /** The part of `overhead` that is taken with the first prompt, after a load that succeeded. */
  readonly atFirstPrompt: Bytes
  /** Sum of the four. */
  readonly required: Bytes
  /** What the place holds in all, what others hold of it and what is reserved beside that, and what must stay free. */
  readonly capacity: Bytes
  /** True where no tool says what the host holds: capacity is then what is required, so that the sum stays true. */
  readonly capacityUnknown?: true
  readonly used: Bytes
  /** Absent where nothing is. */
  readonly reserved?: Bytes
  readonly margin: Bytes
  /** capacity - used - reserved - margin - required; negative when it does not fit. */
  readonly headroom: Bytes
  readonly certainty: {
    readonly model: Certainty
    readonly context: Certainty
    readonly compute: Certainty
    readonly overhead: Certainty
  }
}

export interface Placement {
  readonly machine: MachineId
  readonly model: string
  readonly engine: AnyEngineId
  readonly engineVersion: string
  readonly settings: RunSettings
  readonly split: LayerSplit
  readonly memory: readonly PlaceMemory[]
  readonly pipelineParallel: boolean
  readonly flashAttention: boolean
  /** How an ExLlama engine runs it and is told the split; absent where a GGUF file is placed. */
  readonly exl2?: Exl2Told
}

/** What a place was asked for, against what it has. */
export interface MemoryShortage {
  readonly place: Place
  readonly requested: Bytes
  readonly used: Bytes
  /** Promised to reservations beside that; absent where nothing is. */
  readonly reserved?: Bytes
  readonly margin: Bytes
  readonly capacity: Bytes
  /** The driver does not refuse: what lacks lies in shared system memory, and every token waits for it. */
  readonly spills?: true
}

export type Reason =
  | ({ readonly code: 'insufficient-memory' } & MemoryShortage)
  | ({
      /** It would load, and die when the first prompt makes the driver's pools grow. */
      readonly code: 'insufficient-memory-at-first-prompt'
      /** What it holds once loaded. */
      readonly loaded: Bytes
      /** What the request could change of the growth, and its size. */
      readonly cause: string
      readonly causeBytes: Bytes
    } & MemoryShortage)
  | { readonly code: 'no-devices'; readonly machine: MachineId }
  | { readonly code: 'host-memory-unknown'; readonly requested: Bytes }
  | { readonly code: 'format-not-readable'; readonly format: string; readonly engine: AnyEngineId }
  | { readonly code: 'architecture-not-supported'; readonly architecture: string; readonly engine: AnyEngineId }
  | {
      readonly code: 'setting-not-supported'
      readonly setting: string
      readonly value: string
      readonly because: SettingRefusal
    }
  | { readonly code: 'too-many-devices'; readonly limit: number; readonly devices: number }
  | { readonly code: 'context-beyond-limit'; readonly requested: number; readonly limit: number }
  | {
      readonly code: 'value-out-of-range'
      readonly setting: string
      readonly value: number
      readonly minimum: number
      readonly maximum: number
    }
  | { readonly code: 'split-does-not-cover-layers'; readonly layers: number; readonly expected: number }
  | { readonly code: 'device-not-usable'; readonly device: DeviceId; readonly because: DeviceRefusal }

/** Why an engine does not take a setting as it was asked. */
export const settingRefusals = [
  'quantized-v-needs-flash-attention',
  'mla-needs-equal-cache-types',
  'row-split-needs-split-buffers',
  'tensor-split-not-implemented-for-architecture',
  'tensor-split-needs-unquantized-cache',
  'tensor-split-needs-flash-attention',
  'cache-block-does-not-divide-head',
  'streams-not-supported-by-architecture',
  'flash-attention-not-supported-by-architecture',
  'engine-places-layers-itself',
  'exllama-has-cache-modes-of-its-own',
  'cache-mode-not-in-this-engine',
  'exllama-keeps-its-cache-on-the-gpu',
  'tensor-parallel-not-planned-for-exllama',
  'split-by-hand-not-planned-for-exllama',
  'exllamav3-always-uses-flash-attention',
  'flash-attention-needs-ampere',
  'not-offered-by-engine',
  'not-counted-for-this-version',
  'cache-types-must-be-equal',
  'quantized-cache-dropped-without-flash-attention',
  'one-slot-only-for-architecture',
] as const
export type SettingRefusal = (typeof settingRefusals)[number]

export type DeviceRefusal =
  /** Not on this machine. */
  | 'unknown-device'
  | 'named-twice'
  /** The runtime enumerates in its own order, whatever the list. */
  | 'out-of-order'
  /** A card cut into MIG slices runs nothing itself. */
  | 'mig-parent'
  /** A process sees one MIG slice at most. */
  | 'mig-slice-with-others'
  /** One build of the engine drives one backend. */
  | 'other-backend'
  | 'backend-not-supported'

/** The change of one thing that makes it fit, verified by planning with it. */
export type Remedy =
  | { readonly code: 'reduce-context'; readonly contextLength: number }
  | { readonly code: 'quantize-cache'; readonly cacheType: 'q8_0' | 'q4_0' }
  | { readonly code: 'reduce-ubatch'; readonly ubatchSize: number }
  /** The cache of an ExLlama engine. */
  | { readonly code: 'exl2-cache'; readonly cacheMode: Exl2CacheMode }
  /** Tokens of a prompt that an ExLlama engine reads in one pass. */
  | { readonly code: 'reduce-chunk'; readonly batchSize: number }
  | { readonly code: 'reduce-parallel'; readonly parallel: number }
  | { readonly code: 'experts-on-host'; readonly expertsOnHost: number }
  | { readonly code: 'blocks-on-host'; readonly hostBlocks: number }
  | { readonly code: 'cache-on-host' }
  /** Another file of the same model, by the name it was offered under. */
  | { readonly code: 'smaller-file'; readonly name: string }
  | { readonly code: 'flash-attention' }

/** What a remedy is paid with. */
export type RemedyCost = 'nothing' | 'context' | 'slots' | 'quality' | 'prompt-speed' | 'generation-speed'

export interface RemedyPlan {
  readonly remedy: Remedy
  readonly cost: RemedyCost
  readonly placement: Placement
}

export type Verdict =
  | { readonly fits: true; readonly best: Placement; readonly others: readonly Placement[] }
  | {
      readonly fits: false
      readonly reasons: readonly Reason[]
      /** The candidate that lacks least; absent when the engine refuses before anything is placed. */
      readonly nearest?: Placement
      readonly remedies: readonly RemedyPlan[]
    }
