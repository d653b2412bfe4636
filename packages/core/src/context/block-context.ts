/**
 * What one block keeps between tokens. A hybrid model is a choice per block among these families, not a formula
 * of its own (`llama_model::create_memory` and the `filter_attn` / `filter_recr` of llama-memory-hybrid.cpp).
 */
export type BlockContext =
  /** Owns nothing: a feed-forward block, or one that reads an earlier block's cache. */
  | { readonly kind: 'none' }
  /** Keys and values of every cell; `windowed` ones live in the smaller cache of iSWA. Widths in elements a cell. */
  | {
      readonly kind: 'attention'
      readonly keyWidth: number
      readonly valueWidth: number
      readonly windowed: boolean
      /** MSA's indexer has a cache of its own, with values that nothing reads. */
      readonly indexer?: { readonly keyWidth: number; readonly valueWidth: number }
    }
  /** MLA: one compressed latent a cell and no values; DSA adds the indexer's keys. Widths in elements a cell. */
  | {
      readonly kind: 'latent'
      readonly latentWidth: number
      readonly indexerWidth: number
      readonly windowed: boolean
    }
  /** A state per sequence, in F32 whatever the cache type, however long the context. Elements a sequence. */
  | { readonly kind: 'recurrent'; readonly convolutionState: number; readonly recurrentState: number }

export const NO_CONTEXT: BlockContext = { kind: 'none' }
