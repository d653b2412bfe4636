import { type GgufHeader, type HeaderValue } from '../header/header.ts'
import { type Mix, needsImportanceMatrix } from './mix.ts'
import { categoryOf } from './tensor-category.ts'

/** What the mix rules ask about the whole model (`quantize_state_impl` and the hparams it reads). */
export interface QuantizeFacts {
  readonly mix: Mix
  readonly architecture: string
  /** `n_layer_all`, speculative blocks included. */
  readonly blockCount: number
  readonly expertCount: number
  /** `n_gqa()`: query heads to one KV head in the first block, rounded down; 0 where that block has no KV heads. */
  readonly queryHeadsPerKvHead: number
  /** `LLM_TYPE_70B`, which llama.cpp tells by block count alone. */
  readonly is70B: boolean
  readonly attentionValueCount: number
  /** No `output.weight`: the token embeddings serve as output and get its type. */
  readonly tiedEmbeddings: boolean
  readonly importanceMatrix: boolean
}

export interface QuantizeOptions {
  /** Whether llama-quantize was given an importance matrix. Left out: only where the mix demands one. */
  readonly importanceMatrix?: boolean
  /**
   * `loaded` (default) is what llama-quantize knows of a file it opens. `described` is what llama.cpp assumes of a
   * model known by a description alone (`llama_quant_model_from_metadata`): every block has the head counts of the
   * widest, and `LLM_TYPE_70B` exists for the llama architecture only. They part at hybrids whose first block has no
   * attention and at qwen2, deci, olmo and jais2 of that size.
   */
  readonly modelFacts?: 'loaded' | 'described'
}

/** A number, or the numbers of an array of one a block. */
const numbersOf = (value: HeaderValue | undefined): readonly number[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'number')

export function quantizeFacts(header: GgufHeader, mix: Mix, options: QuantizeOptions): QuantizeFacts {
  const architecture = String(header.metadata['general.architecture'] ?? '')
  const numbers = (key: string): readonly number[] => numbersOf(header.metadata[`${architecture}.${key}`])
  const described = options.modelFacts === 'described'
  const heads = (key: string): number | undefined =>
    described ? numbers(key).toSorted((a, b) => b - a)[0] : numbers(key)[0]
  const headCount = heads('attention.head_count') ?? 0
  const headCountKv = heads('attention.head_count_kv') ?? headCount
  const expertCount = numbers('expert_count')[0] ?? 0
  const blockCount = numbers('block_count')[0] ?? 0
  const sized = { blockCount, expertCount, grouped: headCount !== headCountKv }
  return {
    mix,
    architecture,
    blockCount,
    expertCount,
    queryHeadsPerKvHead: headCountKv === 0 ? 0 : Math.floor(headCount / headCountKv),
    is70B: described && architecture !== 'llama' ? false : is70B(architecture, sized),
    attentionValueCount: header.tensors.filter(({ name }) => categoryOf(name) === 'attention-value').length,
    tiedEmbeddings: !header.tensors.some(({ name }) => name === 'output.weight'),
    importanceMatrix: options.importanceMatrix ?? needsImportanceMatrix(mix),
  }
}

interface Size {
  readonly blockCount: number
  readonly expertCount: number
  readonly grouped: boolean
}

/** Each architecture's `load_arch_hparams` that names `LLM_TYPE_70B`. */
function is70B(architecture: string, { blockCount, expertCount, grouped }: Size): boolean {
  if (architecture === 'llama' || architecture === 'llama-embed') {
    return blockCount === 80 && expertCount !== 8 && grouped
  }
  if (architecture === 'qwen2' || architecture === 'deci' || architecture === 'olmo') return blockCount === 80
  return architecture === 'jais2' && blockCount === 68
}
