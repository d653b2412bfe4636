import { type Tokens, tokens } from '../units.ts'

/** The cache classes of exllamav2/cache.py: FP16, `_8bit` (float8, by truncation), Q8, Q6, Q4. */
export const exl2CacheModes = ['FP16', 'FP8', 'Q8', 'Q6', 'Q4'] as const
export type Exl2CacheMode = (typeof exl2CacheModes)[number]

/** FP8 is ExLlamaV2's own, and TabbyAPI offers it for neither format. */
export const withoutFp8 = exl2CacheModes.filter((mode) => mode !== 'FP8')

/** How ExLlamaV2 runs a model, by the names of `ExLlamaV2Config` and of its cache. */
export interface Exl2Settings {
  /** `config.max_seq_len`: sizes the tables of rotation and the provision for attention. */
  readonly maxSeqLen: Tokens
  /** `max_seq_len` of the cache: tokens of all sequences together where it is paged. */
  readonly cacheTokens: Tokens
  /** `batch_size` of the cache; 1 where it is paged. */
  readonly cacheBatchSize: number
  readonly cacheMode: Exl2CacheMode
  /** `config.max_input_len`: tokens of one forward pass. */
  readonly maxInputLen: Tokens
  readonly maxBatchSize: number
  /** `config.max_attention_size`, in elements. */
  readonly maxAttentionSize: number
  /** `config.max_output_len`: rows of logits of one pass; all of its tokens if absent. */
  readonly maxOutputLen?: Tokens
  /** flash-attn or xFormers works on the cards; without either, attention weights are kept in full. */
  readonly flashAttention: boolean
}

/** `ExLlamaV2Config.__init__` and the caches' own defaults; the cache as long as the sequence. */
export const exl2Settings = (maxSeqLen: Tokens, overrides: Partial<Exl2Settings> = {}): Exl2Settings => ({
  maxSeqLen,
  cacheTokens: maxSeqLen,
  cacheBatchSize: 1,
  cacheMode: 'FP16',
  maxInputLen: tokens(2048),
  maxBatchSize: 1,
  maxAttentionSize: 2048 ** 2,
  flashAttention: true,
  ...overrides,
})
