import type { Backend } from '../../machine/machine.ts'
import { type Bytes, bytes, mebibytes } from '../../units.ts'
import { ollamaBytesPerElement, type OllamaCacheType, ollamaCacheSizes } from './cache-sizes.ts'
import { assignLayers, type GpuShare } from './assign-layers.ts'
import type { OllamaFacts } from './gguf-facts.ts'
import { type GraphSize, graphSize } from './graph-sizes.ts'

/** A GPU as Ollama finds it, all of one library. */
export interface OllamaGpu {
  readonly free: Bytes
  readonly backend: Backend
}

export interface EstimateRequest {
  /** All slots together: `num_ctx` times OLLAMA_NUM_PARALLEL. */
  readonly contextLength: number
  readonly parallel: number
  /** `num_batch`, 512 where it is not set. */
  readonly numBatch: number
  /** As it takes effect: f16 without flash attention. */
  readonly cacheType: OllamaCacheType
  /** `num_gpu`: layers at most; -1 for as many as fit. */
  readonly numGpu: number
  /** OLLAMA_GPU_OVERHEAD, taken off what is free on every GPU. */
  readonly gpuOverhead: Bytes
  /** A projector beside the model goes to the first GPU. */
  readonly projector?: { readonly weights: Bytes; readonly graph: Bytes }
}

export interface GpuEstimate {
  readonly layers: number
  /** The output layer among them. */
  readonly parts: GpuParts
  /** Sum of the parts. */
  readonly bytes: Bytes
}

/** What is reserved on one GPU, by reason. */
export interface GpuParts {
  readonly minimum: Bytes
  readonly spareLayer: Bytes
  readonly projector: Bytes
  readonly weights: Bytes
  readonly cache: Bytes
  readonly output: Bytes
  readonly graph: Bytes
}

export interface GpuLayersEstimate {
  readonly gpus: readonly GpuEstimate[]
  /** `--n-gpu-layers`; 0 leaves the whole model to the processor. */
  readonly layers: number
  readonly fullyLoaded: boolean
  readonly graph: GraphSize
  /** What the GPUs are said to take, 0 where no layer fits. */
  readonly vram: Bytes
  /** What is left to the host. */
  readonly overflow: Bytes
  /** VRAM and overflow: SIZE of `ollama ps`. */
  readonly total: Bytes
}

/** `minimumMemory` of discover/gpu.go: 457 MiB with CUDA and ROCm, as measured on one card; 512 MiB with Metal. */
const minimumMemory = (backend: Backend): Bytes => mebibytes(backend === 'metal' ? 512 : 457)

/** Multimodal models are given no less. */
const PROJECTOR_CONTEXT_MIN = 2048

/**
 * How many layers Ollama 0.6 puts on which GPU, and what it believes them to take: `EstimateGPULayers` of llm/memory.go. An
 * exact replay of a figure that is neither exact nor a bound: every GPU is charged a graph of its own, sized without flash
 * attention, besides a minimum and a spare layer; no GPU is given a layer that would not leave room for them.
 */
export function estimateGpuLayers(
  facts: OllamaFacts,
  gpus: readonly OllamaGpu[],
  request: EstimateRequest,
): GpuLayersEstimate {
  const { projector, parallel } = request
  const context = projector ? Math.max(request.contextLength, PROJECTOR_CONTEXT_MIN) : request.contextLength
  const batch = Math.min(context, request.numBatch)
  const input = { facts, context, batch, parallel, bytesPerElement: ollamaBytesPerElement[request.cacheType] }
  const cache = ollamaCacheSizes(input)
  const graph = graphFor(gpus, graphSize(input, sum(cache)))
  const assigned = assignLayers({
    blocks: facts.blockBytes.map((weights, block) => ({ weights, cache: cache[block]! })),
    outputBytes: facts.outputBytes,
    gpus: gpus.map(({ free, backend }) => ({ free: free - request.gpuOverhead, minimum: minimumMemory(backend) })),
    graphBytes: Math.max(graph.full, graph.partial),
    projectorBytes: projector ? projector.weights + projector.graph : 0,
    numGpu: request.numGpu,
  })
  const { shares, fullyLoaded, overflow } = assigned
  const estimated = shares.map((share) => estimateOf(share, fullyLoaded ? graph.full : graph.partial))
  const layers = sum(shares.map((share) => share.layers))
  const charged = sum(estimated.map((gpu) => gpu.bytes))
  return {
    gpus: estimated,
    layers,
    fullyLoaded,
    graph,
    vram: bytes(layers > 0 ? charged : 0),
    overflow: bytes(overflow),
    total: bytes(charged + overflow),
  }
}

/** Several GPUs are charged as if layers were left out, whether they are or not; Metal never is. */
function graphFor(gpus: readonly OllamaGpu[], { full, partial }: GraphSize): GraphSize {
  if (gpus[0]?.backend === 'metal') return { full, partial: full }
  return gpus.length > 1 ? { full: partial, partial } : { full, partial }
}

/** The graph is charged to every GPU that was given a layer. */
function estimateOf(share: GpuShare, graph: number): GpuEstimate {
  const { layers, ...reserved } = share
  const parts = { ...reserved, graph: layers > 0 ? graph : 0 }
  return { layers, parts: asBytes(parts), bytes: bytes(sum(Object.values(parts))) }
}

const asBytes = (parts: { readonly [Part in keyof GpuParts]: number }): GpuParts => ({
  minimum: bytes(parts.minimum),
  spareLayer: bytes(parts.spareLayer),
  projector: bytes(parts.projector),
  weights: bytes(parts.weights),
  cache: bytes(parts.cache),
  output: bytes(parts.output),
  graph: bytes(parts.graph),
})

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
