/** Llama 3.3 70B as it is published, and cards as Ollama finds them, for tests. */
import type { GgufHeader } from '../../header/header.ts'
import type { Model } from '../../model/model.ts'
import { llama70b, llamaHeader, machineOf, modelOf } from '../../placement/fixtures.ts'
import { quantizeHeader } from '../../quantize/quantize-header.ts'
import { bytes, gibibytes } from '../../units.ts'
import type { SeenDevice } from '../engine.ts'
import type { EstimateRequest, OllamaGpu } from './estimate-gpu-layers.ts'

const f16 = llamaHeader({ ...llama70b, type: 'f16' })
const withRope: GgufHeader = {
  ...f16,
  tensors: [...f16.tensors, { name: 'rope_freqs.weight', shape: [64], type: 'f32' }],
}

/** `ollama list` shows its 42,512,531,712 bytes of weights as 42 GB. */
export const llama33: Model = modelOf(quantizeHeader(withRope, 'Q4_K_M'))

export const cards = (count: number, gib: number): readonly OllamaGpu[] =>
  Array.from({ length: count }, () => ({ free: gibibytes(gib), backend: 'cuda' as const }))

/** Cards of one size each, with what is free on them. */
export const seen = (gibs: readonly number[], free = gibs): readonly SeenDevice[] =>
  machineOf(gibs.map((gib) => ({ gib }))).devices.map((device, at) => ({ device, free: gibibytes(free[at]!) }))

export const estimateDefaults: EstimateRequest = {
  contextLength: 2048,
  parallel: 1,
  numBatch: 512,
  cacheType: 'f16',
  numGpu: -1,
  gpuOverhead: bytes(0),
}
