import type { AnyEngineId } from './verdict.ts'

/** What Berth promises of an engine, in words. */
export interface EngineClaims {
  /** To the byte, or to the layer. */
  readonly exact: readonly string[]
  /** From above, and marked so. */
  readonly bounded: readonly string[]
  /** What it has no option for: planned around, or refused. */
  readonly cannotBeTold: readonly string[]
}

const llamaBuffers = 'weights, KV cache and compute buffers of every device and of the host'
const driver = 'what the driver holds, and adds at the first prompt (CUDA; assumed for other backends)'

const claims = {
  'llama.cpp': {
    exact: [llamaBuffers, 'its own fit: layers, context, tensor overrides'],
    bounded: [driver],
    cannotBeTold: ['pipeline parallelism off, but by an override that matches nothing'],
  },
  llamafile: {
    exact: [llamaBuffers, 'of 0.8.14 the tied matrix copied into the compute buffer'],
    bounded: [driver, 'architectures of older builds, by the dates of their pull requests'],
    cannotBeTold: ['0.8.14: a ubatch apart from the batch, a cache on the host, tensor overrides'],
  },
  ollama: {
    exact: [
      'which GPUs it takes, its batch and default context, the layers of llama-server’s fit, and what they allocate',
      'of 0.6 the estimate behind SIZE and PROCESSOR, line by line',
    ],
    bounded: [driver],
    cannotBeTold: [
      'a split per GPU: it is shown GPUs, and told what to leave free',
      'tensor overrides, a cache on the host, a ubatch apart from the batch, cache types other than f16, q8_0 and q4_0',
    ],
  },
  koboldcpp: {
    exact: [llamaBuffers, 'its autofit, and its older estimate term by term'],
    bounded: ['logits for every token of a batch', driver],
    cannotBeTold: ['several slots, types of keys and values apart, batches with host weights on the processor'],
  },
  llamasharp: {
    exact: [llamaBuffers, 'what several models of one process hold, step by step'],
    bounded: [driver, 'architectures of older builds, by the dates of their pull requests'],
    cannotBeTold: ['row and tensor splits of its builds are not counted, and refused'],
  },
  exllamav2: {
    exact: ['quantized weights of every module, cache of every block (FP16, Q8, Q6, Q4, FP8), tables of rotation'],
    bounded: ['the pass of a chunk', 'what PyTorch’s allocator keeps beside (assumed)', driver],
    cannotBeTold: ['layers on the host, layers counted: a split is told in GB'],
  },
  exllamav3: {
    exact: ['quantized weights of every module, cache of every block (2 to 8 bits)'],
    bounded: ['the pass of a chunk', 'what PyTorch’s allocator keeps beside (assumed)', driver],
    cannotBeTold: ['layers counted: a split is told in GB'],
  },
  tabbyapi: {
    exact: ['what the ExLlamaV2 or ExLlamaV3 behind it is exact in, at its own defaults'],
    bounded: ['what they are bounded in'],
    cannotBeTold: ['what they cannot be told'],
  },
} as const satisfies Record<AnyEngineId, EngineClaims>

export const claimsOf = (id: AnyEngineId): EngineClaims => claims[id]
