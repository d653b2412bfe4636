import { tensorBytes, type TensorInfo } from '../../header/header.ts'
import type { Model } from '../../model/model.ts'

/**
 * What Ollama reads of a GGUF file before it decides anything: `KV` and `Tensors.GroupLayers` of fs/ggml/ggml.go. A number
 * that a file lists per block is taken at its largest; Ollama 0.6 knows no such lists. Sizes are plain bytes.
 */
export interface OllamaFacts {
  readonly architecture: string
  readonly blockCount: number
  readonly embeddingLength: number
  readonly headCount: number
  readonly headCountKv: number
  readonly keyLength: number
  readonly valueLength: number
  readonly vocabSize: number
  /** Weights of every `blk.N`; one entry a block, 0 where the file has none. */
  readonly blockBytes: readonly number[]
  /** `output_norm` and `output`, or `token_embd` in its place. */
  readonly outputBytes: number
  /** Tensors of the first block by the name within it, as `ffn_gate_exps.weight`. */
  readonly firstBlock: ReadonlyMap<string, TensorInfo>
  readonly number: (key: string) => number | undefined
  readonly list: (key: string) => readonly number[]
}

export function ollamaFacts(model: Model): OllamaFacts {
  const number = (key: string): number | undefined => {
    const value = model.hyperparameter(key)
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }
  const headCount = Math.max(...model.headCount, 0)
  const headLength = headCount > 0 ? Math.floor(model.embeddingLength / headCount) : 0
  const groups = groupLayers(model)
  return {
    architecture: model.architecture,
    blockCount: model.blockCount,
    embeddingLength: model.embeddingLength,
    headCount,
    headCountKv: Math.max(...model.headCountKv, 1),
    keyLength: number('attention.key_length') ?? headLength,
    valueLength: number('attention.value_length') ?? headLength,
    vocabSize: model.vocabSize,
    blockBytes: Array.from({ length: model.blockCount }, (_, block) => groups.get(`blk.${block}`) ?? 0),
    outputBytes: (groups.get('output_norm') ?? 0) + (groups.get('output') ?? groups.get('token_embd') ?? 0),
    firstBlock: tensorsOfFirstBlock(model),
    number,
    list: (key) => {
      const value = model.hyperparameter(key)
      return Array.isArray(value) ? value.map(Number) : []
    },
  }
}

/** `GroupLayers`: bytes by the first part of the name, with the number of a block as part of it. */
function groupLayers({ tensors }: Model): ReadonlyMap<string, number> {
  const groups = new Map<string, number>()
  for (const tensor of tensors.values()) {
    const [first = '', second = ''] = tensor.name.split('.')
    const group = first === 'blk' ? `${first}.${second}` : first
    groups.set(group, (groups.get(group) ?? 0) + tensorBytes(tensor))
  }
  return groups
}

const FIRST_BLOCK = 'blk.0.'

const tensorsOfFirstBlock = ({ tensors }: Model): ReadonlyMap<string, TensorInfo> =>
  new Map(
    [...tensors.values()]
      .filter(({ name }) => name.startsWith(FIRST_BLOCK))
      .map((tensor) => [tensor.name.slice(FIRST_BLOCK.length), tensor]),
  )
