import type { BlockContext } from '../context/block-context.ts'
import type { HeaderValue, TensorInfo } from '../header/header.ts'
import type { Bytes, Tokens } from '../units.ts'

/**
 * A model as the planner sees it: what `llama_hparams` holds after `load_hparams`, and the tensors.
 *
 * Two words are kept apart because llama.cpp counts them apart: a *block* is one repeating `blk.N`;
 * a *layer*, in `-ngl` and `-ts`, is a block or the output layer. So there are `blockCount + 1` layers.
 */
export interface Model extends ModelShape {
  /** What each block that runs keeps between tokens, and what speculative ones behind them keep where the cache has them. */
  readonly contexts: readonly BlockContext[]
  /** Whether each block reads `rope_freqs` or `rope_factors_*`. */
  readonly readsRopeFactors: readonly boolean[]
  /** Global tensors that lie with the output layer although their name says otherwise. */
  readonly outputTensors: readonly string[]
  /** Attends without flash attention, whatever is asked for. */
  readonly withoutFlashAttention: boolean
  /** Whether a second `token_embd` stands in for the output matrix where the output layer lies. */
  readonly tiedOutput: boolean
  /** Tables that are read row by row from the file and need not be in RAM. */
  readonly lazyTensors: readonly string[]
  /** The tensors of `blk.N` for every N below `runBlockCount`, in file order; none where a block uses another's. */
  readonly blockTensors: readonly (readonly TensorInfo[])[]
  /** Tensors that stay on the host because no device has a kernel for their use (`weight_buft_supported`). */
  readonly hostTensors: ReadonlySet<string>
  /** What each running block's tensors take in a device's buffer and in the host's, nothing overridden. */
  readonly blockBytes: readonly { readonly device: number; readonly host: number }[]
  /** Tensors of speculative blocks that are loaded although their block is not. */
  readonly speculativeTensors: readonly TensorInfo[]
  /** Tensors of no block, in file order. */
  readonly globalTensors: readonly TensorInfo[]
  /** Each block's tensors by suffix and by name within the block: `attn_q` under `weight`. */
  readonly blockTensorIndex: readonly BlockTensorIndex[]
  /** One entry a running block; equal where two blocks' graphs differ in nothing but names. */
  readonly blockKinds: readonly string[]
  /** Equal for files of one model whose matrices are quantized in different ways: with all weights on devices they compute in equal buffers. */
  readonly graphKey: string
  /** How split mode tensor cuts this architecture; what it cannot cut is the engine's to refuse before memory is asked. */
  readonly tensorSplit: TensorSplitForm
}

/** What may follow a tensor's name; some names stand alone. */
export type TensorSuffix = 'weight' | 'bias' | 'scale' | ''
export type BlockTensorIndex = Readonly<Record<TensorSuffix, ReadonlyMap<string, TensorInfo>>>

export type TensorSplitForm = 'plain' | 'qwen3next' | 'qwen35' | 'mirrored-states' | 'mirrored'

/** The part of a model that its header's numbers give, before its architecture adds what they mean. */
export interface ModelShape {
  readonly architecture: string
  readonly name: string
  /** False when no file of `architectures/` describes this architecture: its compute buffers are then assumed. */
  readonly described: boolean
  /** `block_count` of the header, speculative (nextn/MTP) blocks included: llama.cpp splits over all of them. */
  readonly blockCount: number
  /** Blocks that run; the last `nextn_predict_layers` are counted for the split but not loaded. */
  readonly runBlockCount: number
  readonly embeddingLength: number
  readonly vocabSize: number
  readonly contextLengthTrained: Tokens
  /** One entry a block, as `n_head(il)`; 0 where the block has no attention. */
  readonly headCount: readonly number[]
  readonly headCountKv: readonly number[]
  readonly feedForwardLength: readonly number[]
  readonly keyLength: number
  readonly valueLength: number
  readonly keyLengthSwa: number
  readonly valueLengthSwa: number
  readonly expertCount: number
  readonly expertUsedCount: number
  readonly expertGroupCount: number
  readonly expertGroupUsedCount: number
  /** `n_swa` in tokens; 0 where no block is windowed. */
  readonly slidingWindow: number
  /** One entry a block: whether it attends to the window only. */
  readonly windowed: readonly boolean[]
  /** Blocks from this one on own no KV of their own and read an earlier block's (`n_layer_kv_from_start`). */
  readonly kvBlockCount: number
  /** The N of the `blk.N` whose tensors each block uses; its own number, save where the file's blocks run several times. */
  readonly weightBlock: readonly number[]
  /** Position numbers a token carries (4 for M-RoPE). */
  readonly positionsPerToken: number
  /** False where tokens attend to later ones too (`causal_attn`). */
  readonly causal: boolean
  /** Diffusion models: a batch attends to itself, and nothing is kept. */
  readonly withoutCache: boolean
  readonly tensors: ReadonlyMap<string, TensorInfo>
  /** `general.alignment` of the file, where it has one. */
  readonly alignment?: number
  readonly parameterCount: number
  readonly weightBytes: Bytes
  /** `<architecture>.<key>` of the header. */
  readonly hyperparameter: (key: string) => HeaderValue | undefined
}

export type DescribeIssue =
  | { readonly code: 'missing-key'; readonly key: string }
  | { readonly code: 'bad-value'; readonly key: string; readonly value: string; readonly expected: string }
  | { readonly code: 'missing-tensor'; readonly tensor: string }
  | { readonly code: 'shapes-do-not-match'; readonly block: number }
  | { readonly code: 'not-a-language-model'; readonly architecture: string }
