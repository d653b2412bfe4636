import { isQuantized } from '../header/ggml-type.ts'
import type { Backend } from '../machine/machine.ts'
import type { CacheType, RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { Reason } from '../placement/verdict.ts'
import type { CachePair, Engine } from './engine.ts'
import { CONTEXT_RANGE } from './koboldcpp-settings.ts'
import { loadableArchitectures } from './llama-cpp-architectures.ts'
import { cachePairs as llamaCppPairs } from './llama-cpp-cache-types.ts'
import { type GgufLimits, ggufRefusals } from './llama-cpp-refusals.ts'
import { refuse } from './setting-reasons.ts'

/** `--quantkv`, and `inputs.quant_k` of gpttype_adapter.cpp. */
const CACHE_TYPES: readonly CacheType[] = ['f16', 'bf16', 'q8_0', 'q5_1', 'q4_0']

const limits: GgufLimits = {
  engine: 'koboldcpp',
  architectures: loadableArchitectures,
  // Requests queue (`--multiuser`); slots of `--continuous-batching` are not documented yet.
  sequenceLimit: 1,
  contextLength: CONTEXT_RANGE,
  // Both are offered (`--splitmode`), with the split buffers and the meta backend of another build than is counted here.
  refusedSplitModes: { row: 'not-counted-for-this-version', tensor: 'not-counted-for-this-version' },
  cacheTypes: CACHE_TYPES,
}

const byLlamaCpp = ggufRefusals(limits)

/** What KoboldCpp 1.113.2 and the llama.cpp in it refuse, or have no option for. */
export const refusals: Engine['refusals'] = (model, machine, request) => [
  ...byLlamaCpp(model, machine, request),
  ...(isPair(model, request, request) ? [] : [refuse('cacheTypeV', request.cacheTypeV, 'not-offered-by-engine')]),
  ...untold(request),
]

/** A batch whose weights lie on the host is always computed on a device. */
export const untold = ({ opOffload }: RunRequest): readonly Reason[] =>
  opOffload ? [] : [refuse('opOffload', 'false', 'not-offered-by-engine')]

/** One `--quantkv` stands for both; without flash attention a quantized type is given to the keys alone. */
function isPair(model: Model, request: RunRequest, { cacheTypeK, cacheTypeV }: CachePair): boolean {
  const flashAttention = request.flashAttention !== 'off' && !model.withoutFlashAttention
  return cacheTypeV === (flashAttention || !isQuantized(cacheTypeK) ? cacheTypeK : 'f16')
}

export const cachePairs = (model: Model, request: RunRequest, backend: Backend): readonly CachePair[] =>
  llamaCppPairs(model, request, backend).filter(
    (pair) => CACHE_TYPES.includes(pair.cacheTypeK) && isPair(model, request, pair),
  )
