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
  /** Which blocks attend to a window only; absent where none does, whatever keys the header carries. */
  readonly windows?: (facts: HeaderFacts, blockCount: number) => Windows
  /** First block without a KV cache of its own. */
  readonly kvBlockCount?: (facts: HeaderFacts, blockCount: number) => number
  readonly positionsPerToken?: number | ((facts: HeaderFacts) => number)
  /** Blocks of the file that run several times; absent where every block runs once. */
  readonly loops?: (facts: HeaderFacts) => BlockLoops
  /** Diffusion models: `create_memory` makes none, and `causal_attn` is false. */
  readonly withoutCache?: true
  /** Tensors of speculative blocks that are loaded although the block is not (no TENSOR_SKIP). */
  readonly loadsOfSpeculative?: (name: string) => boolean
  /** What block `il` keeps; absent for plain attention in every block. */
  readonly blockContext?: (model: ModelShape, il: number) => BlockContext
  /** Whether block `il` reads `rope_freqs` or `rope_factors_*`; absent for all. */
  readonly usesRopeFactors?: (model: ModelShape, il: number) => boolean
  /** Global tensors that this architecture loads with its output layer although their name says otherwise. */
  readonly outputTensors?: readonly string[]
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

/** `set_swa_pattern(period)`: every `period`-th block attends to everything, the others to the window. */
export const everyNthFull = (blockCount: number, period: number): readonly boolean[] =>
  Array.from({ length: blockCount }, (_, il) => il % period < period - 1)

const slidingWindowOf = (facts: HeaderFacts): number => facts.number('attention.sliding_window') ?? 0

/** The header's window in all blocks but every `period`-th. */
export const windowedExceptEvery =
  (period: number) =>
  (facts: HeaderFacts, blockCount: number): Windows => ({
    slidingWindow: slidingWindowOf(facts),
    windowed: everyNthFull(blockCount, period),
  })

/**
 * `load_swa_pattern`: the header's list, or every `period`-th block full, the header's number overriding the period. No
 * window where the header has none.
 */
export const windowedByPattern =
  (defaultPeriod: number, options: { readonly fullFirst?: true } = {}) =>
  (facts: HeaderFacts, blockCount: number): Windows => {
    const slidingWindow = slidingWindowOf(facts)
    if (slidingWindow === 0) return { slidingWindow, windowed: everyNthFull(blockCount, 1) }
    if (Array.isArray(facts.value('attention.sliding_window_pattern'))) return windowedAsPatterned(facts, blockCount)
    const period = facts.number('attention.sliding_window_pattern') ?? defaultPeriod
    const full = options.fullFirst ? 0 : period - 1
    return {
      slidingWindow,
      windowed: Array.from({ length: blockCount }, (_, il) => period === 0 || il % period !== full),
    }
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
    windowed: Array.from({ length: blockCount }, (_, il) => Array.isArray(pattern) && Boolean(pattern[il])),
  }
}
