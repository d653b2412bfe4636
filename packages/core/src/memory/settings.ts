import type { GgmlType } from '../header/ggml-type.ts'
import type { Exl2CacheMode } from '../exl2/settings.ts'
import { type Bytes, mebibytes, type Tokens, tokens } from '../units.ts'

/** `kv_cache_types` of llama.cpp's common/arg.cpp. */
export const cacheTypes = [
  'f32',
  'f16',
  'bf16',
  'q8_0',
  'q5_1',
  'q5_0',
  'q4_1',
  'q4_0',
  'iq4_nl',
] as const satisfies readonly GgmlType[]
export type CacheType = (typeof cacheTypes)[number]

export const splitModes = ['none', 'layer', 'row', 'tensor'] as const
export type SplitMode = (typeof splitModes)[number]

export const flashAttentionModes = ['on', 'off', 'auto'] as const
export type FlashAttention = (typeof flashAttentionModes)[number]

/** What a person asks for; the words and meanings are llama.cpp's flags. */
export interface RunRequest {
  /** `-c`: context of all slots together, unless `kvUnified`. 0 asks for what the model was trained for. */
  readonly contextLength: Tokens
  /** `-np`: sequences served at once (`n_seq_max`). */
  readonly parallel: number
  readonly batchSize: Tokens
  readonly ubatchSize: Tokens
  readonly cacheTypeK: CacheType
  readonly cacheTypeV: CacheType
  readonly flashAttention: FlashAttention
  readonly kvUnified: boolean
  readonly swaFull: boolean
  /** False keeps the KV cache in host memory (`-nkvo`). */
  readonly offloadKqv: boolean
  /** False keeps batches with host weights on the CPU (`--no-op-offload`). */
  readonly opOffload: boolean
  readonly splitMode: SplitMode
  /** The cache of an ExLlama engine, FP16 if absent; engines of GGUF files know `cacheTypeK` and `cacheTypeV` only. */
  readonly exl2Cache?: Exl2CacheMode
  /** Bytes each device, and the host, must keep free beyond the plan. */
  readonly margin: Bytes
  /** Margins of single devices by their index on the machine, as `--fit-target` lists them; `margin` for all others. */
  readonly deviceMargins?: readonly Bytes[]
}

/** How an engine runs: the request with everything it adds of its own. */
export interface RunSettings extends RunRequest {
  /** Rows of logits a batch may ask for (`n_outputs_max`); 0 means `batchSize`, as llama-cli and embedders leave it. */
  readonly outputsMax: number
  /** False where the build or the user rules pipeline parallelism out (`GGML_CUDA_NO_PEER_COPY`, one copy compiled in). */
  readonly pipelineAllowed: boolean
  /** `GGML_SCHED_MAX_COPIES` of the build, where it is not the usual four. */
  readonly pipelineCopies?: number
  /**
   * What an engine that places layers itself is told to leave free, by the device's index: more than the margin, since it
   * does not count what the driver adds later.
   */
  readonly toldMargins?: readonly Bytes[]
  /** The output layer of a model without a matrix of its own multiplies by the embeddings in host memory, not by a copy. */
  readonly tiedOutputOnHost?: true
  /** The llama.cpp that the engine carries, by its tag b<N>; absent for v0.5.0, to which every formula is held. */
  readonly llamaCppBuild?: number
}

/** `GGML_SCHED_MAX_COPIES` as ggml defines it: with pipeline parallelism every input and every crossing tensor exists so often. */
const PIPELINE_COPIES = 4

export const pipelineCopiesOf = ({ pipelineCopies }: RunSettings): number => pipelineCopies ?? PIPELINE_COPIES

/** llama.cpp's own defaults (common/common.h), with its fit margin of 1024 MiB and one slot. */
export const requestDefaults: RunRequest = {
  contextLength: tokens(0),
  parallel: 1,
  batchSize: tokens(2048),
  ubatchSize: tokens(512),
  cacheTypeK: 'f16',
  cacheTypeV: 'f16',
  flashAttention: 'auto',
  kvUnified: false,
  swaFull: false,
  offloadKqv: true,
  opOffload: true,
  splitMode: 'layer',
  margin: mebibytes(1024),
}
