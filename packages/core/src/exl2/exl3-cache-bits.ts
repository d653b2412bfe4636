import type { Exl2CacheMode } from './settings.ts'

/** Bits a key and a value of ExLlamaV3's quantized caches, by the names that ExLlamaV2 gave its own. */
export const exl3CacheBits = {
  FP16: undefined,
  FP8: undefined,
  Q8: { keys: 8, values: 8 },
  Q6: { keys: 6, values: 6 },
  Q4: { keys: 4, values: 4 },
} as const satisfies Record<Exl2CacheMode, { readonly keys: number; readonly values: number } | undefined>
