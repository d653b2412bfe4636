import type { GraphInput } from './graph-sizes.ts'

/** What OLLAMA_KV_CACHE_TYPE may be (`SupportsKVCacheType`). */
export const ollamaCacheTypes = ['f16', 'q8_0', 'q4_0'] as const
export type OllamaCacheType = (typeof ollamaCacheTypes)[number]

/** `kvCacheBytesPerElement`: the scales of the quantized types are left out (q8_0 takes 1.0625, q4_0 0.5625). */
export const ollamaBytesPerElement = { f16: 2, q8_0: 1, q4_0: 0.5 } as const satisfies Record<OllamaCacheType, number>

/** Every sixth block of gemma3 keeps the whole context, the others their window. */
const GEMMA3_GLOBAL_EVERY = 6

/** Image tokens and tiles that mllama's cross attention keeps in F32. */
const MLLAMA_VISION = { tokens: 1601, tiles: 4, bytesPerElement: 4 } as const

/** Cache bytes of every block, as `GGML.GraphSize` of Ollama 0.6 counts them. */
export function ollamaCacheSizes({ facts, context, batch, parallel, bytesPerElement }: GraphInput): readonly number[] {
  const { architecture, blockCount, keyLength, valueLength, headCountKv } = facts
  const perToken = (keyLength + valueLength) * headCountKv
  const whole = Math.floor(context * perToken * bytesPerElement)
  const windowCells = parallel * (facts.number('attention.sliding_window') ?? 0) + batch
  const crossBlocks = facts.list('attention.cross_attention_layers')
  const cross = perToken * MLLAMA_VISION.bytesPerElement * MLLAMA_VISION.tokens * MLLAMA_VISION.tiles
  return Array.from({ length: blockCount }, (_, block) => {
    if (architecture === 'mllama' && crossBlocks.includes(block)) return cross
    const windowed = architecture === 'gemma3' && (block + 1) % GEMMA3_GLOBAL_EVERY !== 0
    return windowed ? Math.floor(windowCells * perToken * bytesPerElement) : whole
  })
}
