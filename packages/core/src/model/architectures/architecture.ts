import type { BlockContext } from '../../context/block-context.ts'
import type { GraphBuilder } from '../../graph/builder/builder.ts'
import type { Embeddings } from '../../graph/builder/embeddings.ts'
import type { HeaderFacts } from '../../header/facts.ts'
import type { TensorInfo } from '../../header/header.ts'
import type { ModelShape, TensorSplitForm } from '../model.ts'

export interface Windows {
  readonly slidingWindow: number
  readonly windowed: readonly boolean[]
}

/** How often a file's blocks run: `blockCount` blocks in all, each using the tensors of `blk.weightBlock(il)`. */
export interface BlockLoops {
  readonly blockCount: number
  readonly weightBlock: (il: number) => number
}

/** What llama.cpp's `src/models/<arch>.cpp` says of one architecture: its hyperparameters, its memory, its graph. */
export interface Architecture {
  /** The values of `general.architecture` this file speaks for. */
  readonly names: readonly string[]
  /** Which blocks attend to a window only; absent or undefined where none does, whatever keys the header carries. */
  readonly windows?: (facts: HeaderFacts, blockCount: number) => Windows | undefined
  /** First block without a KV cache of its own. */
  readonly kvBlockCount?: (facts: HeaderFacts, blockCount: number) => number
  readonly positionsPerToken?: number | ((facts: HeaderFacts) => number)
  /** Blocks of the file that run several times; absent where every block runs once. */
  readonly loops?: (facts: HeaderFacts) => BlockLoops
  /** Diffusion models: `create_memory` makes none, and `causal_attn` is false. */
  readonly withoutCache?: true
  /** Tensors of speculative blocks, and rotation factors for them, that are loaded although the block is not (no TENSOR_SKIP). */
  readonly loadsOfSpeculative?: (name: string) => boolean
  /** What block `il` keeps; absent for plain attention in every block. */
  readonly blockContext?: (model: ModelShape, il: number) => BlockContext
  /** Whether the cache has speculative blocks as well, although they are not loaded. */
  readonly cachesSpeculative?: true
  /** Whether block `il` reads `rope_freqs` or `rope_factors_*`; absent for all. */
  readonly usesRopeFactors?: (model: ModelShape, il: number) => boolean
  /** Global tensors that this architecture loads with its output layer although their name says otherwise. */
  readonly outputTensors?: readonly string[]
  /** `llama_init_from_model` turns flash attention off, whatever was asked for. */
  readonly withoutFlashAttention?: true
  /** The head multiplies by `token_embd` where it lies in host memory; no copy lies with the output layer. */
  readonly outputOnHost?: true
  /** Tables flagged TENSOR_READ_LAZY. */
  readonly lazyTensors?: readonly string[]
  /** Whether no device has a kernel for a tensor's use, so that it stays on the host. */
  readonly staysOnHost?: (tensor: TensorInfo, model: ModelShape) => boolean
  /** How split mode tensor cuts it where llama.cpp does not refuse to; plain where absent. */
  readonly tensorSplit?: TensorSplitForm
  /** What sets block `il`'s graph apart although its tensors, window and context do not. */
  readonly blockVariant?: (model: ModelShape, il: number) => number
  /** Appends the blocks and the output head to the graph that begins with `embeddings`. */
  readonly graph: (builder: GraphBuilder, embeddings: Embeddings) => void
}

/** `n_layer()`: the blocks that run, speculative ones left out. */
export const runningBlocks = (facts: HeaderFacts, blockCount: number): number =>
  blockCount - (facts.number('nextn_predict_layers') ?? 0)

interface WindowPattern {
  /** Every `period`-th block attends to everything, unless the header says otherwise. */
  readonly period: number
  /** The first block of a period is the one that does; the last where absent. */
  readonly fullFirst?: true
}

/**
 * `load_swa_pattern`: which blocks are windowed by the header's own list, else by a period, the header's before this one.
 * Speculative blocks behind the running ones attend to everything (`set_swa_pattern`).
 */
export function windowedBlocks(
  facts: HeaderFacts,
  blockCount: number,
  { period, fullFirst }: WindowPattern,
): readonly boolean[] {
  const pattern = facts.value('attention.sliding_window_pattern')
  if (Array.isArray(pattern)) return marked(pattern, blockCount)
  const every = typeof pattern === 'number' ? pattern : period
  const running = runningBlocks(facts, blockCount)
  const isWindowed = (il: number): boolean => every === 0 || (fullFirst ? il % every !== 0 : il % every < every - 1)
  return Array.from({ length: blockCount }, (_, il) => il < running && isWindowed(il))
}

/** What a list marks; blocks that it does not reach are unmarked. */
const marked = (list: readonly unknown[], blockCount: number): readonly boolean[] =>
  Array.from({ length: blockCount }, (_, il) => Boolean(list[il]))

const slidingWindowOf = (facts: HeaderFacts): number => facts.number('attention.sliding_window') ?? 0

/** The header's window in all blocks but every `period`-th. */
export const windowedExceptEvery =
  (period: number) =>
  (facts: HeaderFacts, blockCount: number): Windows => ({
    slidingWindow: slidingWindowOf(facts),
    windowed: windowedBlocks(facts, blockCount, { period }),
  })

/** The header's window in the blocks of `windowedBlocks`; no window where the header has none. */
export const windowedByPattern =
  (period: number, options: Omit<WindowPattern, 'period'> = {}) =>
  (facts: HeaderFacts, blockCount: number): Windows | undefined => {
    const slidingWindow = slidingWindowOf(facts)
    if (slidingWindow === 0) return undefined
    return { slidingWindow, windowed: windowedBlocks(facts, blockCount, { period, ...options }) }
  }

/** M-RoPE where the header has sections for it (`llama_hparams::use_mrope`): four positions a token. */
export function positionsBySections(facts: HeaderFacts): number {
  const sections = facts.value('rope.dimension_sections')
  return Array.isArray(sections) && Number(sections[0]) > 0 && Number(sections[1]) > 0 ? 4 : 1
}

/** The header's window in the blocks that `attention.sliding_window_pattern` marks; in none where it is no list. */
export const windowedAsPatterned = (facts: HeaderFacts, blockCount: number): Windows => {
  const pattern = facts.value('attention.sliding_window_pattern')
  return {
    slidingWindow: slidingWindowOf(facts),
    windowed: marked(Array.isArray(pattern) ? pattern : [], blockCount),
  }
}
