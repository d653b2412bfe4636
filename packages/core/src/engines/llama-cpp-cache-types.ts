import { isQuantized } from '../header/ggml-type.ts'
import type { Backend } from '../machine/machine.ts'
import { type CacheType, cacheTypes, type RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { CachePair } from './engine.ts'

/** Head sizes for which fattn-vec.cuh has a kernel: it reads a quantized cache as it is, a token at a time. */
const VECTOR_HEADS = [64, 128, 256]

/** `GGML_CUDA_FA_QUANTS` of a default build; other pairs are converted to F16 for every token ("slow", warns the log). */
const VECTOR_TYPES: readonly CacheType[] = ['f16', 'bf16', 'q8_0', 'q4_0']

/** `ggml_cuda_fattn_kv_type_supported`, and what ggml-metal and ggml-sycl take; of Vulkan's list iq4_nl is missing. */
const attended: readonly CacheType[] = ['f16', 'bf16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'q4_0']

type Takes = (pair: CachePair, model: Model) => boolean

const equalOnly: Takes = ({ cacheTypeK, cacheTypeV }) => cacheTypeK === cacheTypeV && attended.includes(cacheTypeK)

/** Where no kernel reads the cache directly, every quantized type is converted alike, and none is slower than another. */
const cuda: Takes = (pair, model) =>
  equalOnly(pair, model) && (VECTOR_TYPES.includes(pair.cacheTypeK) || !hasVectorHeads(model))

/** Pairs that flash attention runs without a detour, by backend (llama.cpp 0.5.0-dev). */
const takes = {
  cuda,
  rocm: cuda,
  rpc: cuda,
  metal: equalOnly,
  sycl: ({ cacheTypeK, cacheTypeV }) => attended.includes(cacheTypeK) && attended.includes(cacheTypeV),
  vulkan: ({ cacheTypeK, cacheTypeV }) => (cacheTypeK === 'bf16') === (cacheTypeV === 'bf16'),
} as const satisfies Record<Backend, Takes>

/**
 * Cache types that can be run on a backend without converting the whole cache for every token, or leaving attention to
 * the processor. Without flash attention the keys may be of any type, the values of none that is quantized.
 */
export function cachePairs(model: Model, request: RunRequest, backend: Backend): readonly CachePair[] {
  const pairs = cacheTypes.flatMap((cacheTypeK) => cacheTypes.map((cacheTypeV) => ({ cacheTypeK, cacheTypeV })))
  if (request.flashAttention === 'off' || model.withoutFlashAttention) {
    return pairs.filter(({ cacheTypeV }) => !isQuantized(cacheTypeV))
  }
  return pairs.filter((pair) => takes[backend](pair, model))
}

function hasVectorHeads({ contexts, keyLength, keyLengthSwa }: Model): boolean {
  const attends = contexts.some(({ kind }) => kind === 'attention')
  return attends && [keyLength, keyLengthSwa].some((length) => VECTOR_HEADS.includes(length))
}
