import { type Tokens, tokens } from '../../units.ts'

/** How ExLlamaV3 runs a model, by the names of its `Cache` and of `Model.load`. */
export interface Exl3Settings {
  /** `max_num_tokens` of the cache: tokens of all sequences together, a multiple of 256. */
  readonly cacheTokens: Tokens
  /** Bits a key and a value, 2 to 8 each (`CacheLayer_quant`); halves if absent (`CacheLayer_fp16`). */
  readonly cacheBits?: { readonly keys: number; readonly values: number }
  readonly maxChunkSize: Tokens
  readonly maxOutputSize: Tokens
  readonly maxOutputFactor: number
}

/** `PAGE_SIZE` of exllamav3/constants.py. */
export const PAGE_TOKENS = 256

/** The defaults of `Model.load_gen`; the cache is rounded up to whole pages, as the class insists. */
export const exl3Settings = (contextLength: Tokens, overrides: Partial<Exl3Settings> = {}): Exl3Settings => ({
  cacheTokens: tokens(Math.ceil(contextLength / PAGE_TOKENS) * PAGE_TOKENS),
  maxChunkSize: tokens(2048),
  maxOutputSize: tokens(32),
  maxOutputFactor: 1,
  ...overrides,
})
