import type { HeaderValue } from '@berth/core'

/** `<architecture>.<key>` of the header, by key. */
export type Hyperparameters = Readonly<Record<string, HeaderValue>>

/** What a publisher's config says that no hyperparameter of the header does: it shows in the tensors alone. */
export interface Layout {
  /** No `output.weight`: the token embeddings serve as output. */
  readonly tied?: true
  /** Bias vectors on the query, key and value projections. */
  readonly attentionBias?: true
  /** Norms on the heads of queries and keys, where the architecture has them in some models only. */
  readonly headNorm?: true
  /** Global blocks have no value projection: their keys serve as values. */
  readonly keysAsValues?: true
  /** The drafting block has no embeddings and head of its own. */
  readonly draftSharesEnds?: true
  /** Length of `rope_freqs.weight` (Llama 3 scaling, proportional rotation), or of each `rope_factors_*` (LongRoPE). */
  readonly ropeFactors?: number
}

/** A model as a schema reads it. */
export interface Shape {
  readonly architecture: string
  readonly blockCount: number
  readonly embedding: number
  readonly vocab: number
  readonly keyLength: number
  readonly valueLength: number
  readonly layout: Layout
  readonly has: (key: string) => boolean
  readonly number: (key: string) => number
  /** The block's own number where the header holds an array. */
  readonly at: (key: string, block: number) => number
  /** Whether the array of flags is set at this block. */
  readonly flag: (key: string, block: number) => boolean
}

export function shapeOf(architecture: string, hyperparameters: Hyperparameters, layout: Layout): Shape {
  const at = (key: string, block: number): number => {
    const value = hyperparameters[key]
    const found = Array.isArray(value) ? value[block] : value
    if (typeof found !== 'number') throw new Error(`${architecture}.${key} is missing from the catalogue's data`)
    return found
  }
  const number = (key: string): number => at(key, 0)
  const flag = (key: string, block: number): boolean => {
    const value = hyperparameters[key]
    return Array.isArray(value) && value[block] === true
  }
  const has = (key: string): boolean => Object.hasOwn(hyperparameters, key)
  return {
    architecture,
    blockCount: number('block_count'),
    embedding: number('embedding_length'),
    vocab: number('vocab_size'),
    keyLength: has('attention.key_length') ? number('attention.key_length') : 0,
    valueLength: has('attention.value_length') ? number('attention.value_length') : 0,
    layout,
    has,
    number,
    at,
    flag,
  }
}
