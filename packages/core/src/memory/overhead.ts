import { contextShape } from '../context/shape.ts'
import type { Model } from '../model/model.ts'
import { type Bytes, bytes, MIB, mebibytes, padTo, sumBytes } from '../units.ts'
import { DEVICE_ALIGNMENT } from './alignment.ts'
import { computeCapability, driverContext, type DriverDevice } from './driver-context.ts'
import { type PoolTerm, poolTerms } from './pool.ts'
import type { Product } from './product.ts'
import type { Certainty } from './run-memory.ts'
import type { RunSettings } from './settings.ts'

export interface OverheadInput {
  readonly device: DriverDevice
  /** Devices of the run: in split mode tensor they exchange partial results. */
  readonly deviceCount?: number
  readonly model: Model
  readonly settings: RunSettings
  /** As resolved: `auto` is decided by then. */
  readonly flashAttention: boolean
  /** Whether the output layer lies on this device, or is multiplied here while its matrix stays in host memory. */
  readonly holdsOutput: boolean
}

export interface OverheadTerm {
  readonly name: string
  readonly bytes: Bytes
  readonly when: 'load' | 'first-prompt'
  readonly source: string
  /** Taken once by a process, however many models it runs. */
  readonly shared?: true
  /** What the largest operation takes, before the pool rounds it up; absent for terms that are not computed. */
  readonly products?: readonly Product[]
}

export interface Overhead {
  /** The driver context first; of the first prompt’s, what the request decides: the largest temporaries. */
  readonly terms: readonly OverheadTerm[]
  readonly atLoad: Bytes
  /** What is added when the first prompt runs: why a run that loaded can still die. */
  readonly atFirstPrompt: Bytes
  readonly certainty: Certainty
}

/** Rings and protocols of a transport library between devices; no reading isolates them. */
const TRANSPORT_BUFFERS = mebibytes(256)

/** The virtual-memory pool of ggml-cuda grows by this granule. */
const POOL_GRANULE = 2 * MIB
/** Kernels that cuBLAS loads with its first multiplication, beside the workspace that llama.cpp hands it. */
const CUBLAS_KERNELS = mebibytes(150)
/** Node parameters and executables of the captured generation graph. */
const CUDA_GRAPHS = mebibytes(20)

/** The process on the host: program, libraries, vocabulary, the driver's host side. Assumed: no reading isolates it. */
export const PROCESS_MEMORY = mebibytes(512)

/**
 * What a process takes on a device beside ggml's buffers, from load to the end of the first prompt: driver context,
 * cuBLAS, pool, graphs (ggml-cuda of ggml 0.25.1). An upper bound on CUDA. Only for devices that the process sees:
 * a launch hides those that hold nothing.
 */
export function overhead(input: OverheadInput): Overhead {
  const context = driverContext(input.device)
  const terms: readonly OverheadTerm[] = [
    { name: 'driver context', bytes: context.bytes, when: 'load', source: context.source, shared: true },
    ...promptTerms(input),
    ...exchangeTerms(input),
  ]
  const at = (when: OverheadTerm['when']): Bytes =>
    sumBytes(terms.filter((term) => term.when === when).map((term) => term.bytes))
  return {
    terms,
    atLoad: at('load'),
    atFirstPrompt: at('first-prompt'),
    certainty: isAssumed(input) ? 'assumed' : 'upper-bound',
  }
}

const isAssumed = ({ device, settings }: OverheadInput): boolean =>
  computeCapability(device) === undefined || settings.splitMode === 'tensor'

/**
 * What split mode tensor takes for the sums of partial results: `ggml_backend_meta` allocates ceil(log2 n) buffers as large
 * as the largest of them at the first graph. An upper bound; a transport library's own buffers are assumed.
 */
function exchangeTerms({ model, settings, deviceCount = 1 }: OverheadInput): readonly OverheadTerm[] {
  if (settings.splitMode !== 'tensor' || deviceCount < 2) return []
  const { promptTokens } = contextShape(model, settings)
  const largest = model.embeddingLength * promptTokens * 4 * Math.max(1, model.expertUsedCount)
  const count = Math.ceil(Math.log2(deviceCount))
  return [
    {
      name: 'reduce buffers',
      bytes: bytes(count * padTo(largest, DEVICE_ALIGNMENT)),
      when: 'first-prompt',
      source: 'ggml_backend_meta: one for every halving of the devices',
    },
    {
      name: 'transport buffers',
      bytes: TRANSPORT_BUFFERS,
      when: 'first-prompt',
      source: 'NCCL or peer copies; assumed, no isolated reading',
    },
  ]
}

function promptTerms(input: OverheadInput): readonly OverheadTerm[] {
  const { backend } = input.device
  // ggml-cuda is also built for HIP; the other backends keep no pool and call no BLAS of a library.
  if (backend !== 'cuda' && backend !== 'rocm') return []
  const capability = computeCapability(input.device)
  const pool = largest(poolTerms({ ...input, capability }))
  const workspace = mebibytes(capability !== undefined && capability < 9 ? 4 : 32)
  return [
    ...(pool
      ? [{ ...pool, bytes: bytes(padTo(pool.bytes, POOL_GRANULE) + POOL_GRANULE), when: 'first-prompt' as const }]
      : []),
    {
      name: 'cuBLAS workspace',
      bytes: workspace,
      when: 'first-prompt',
      source: 'ggml_backend_cuda_context::cublas_handle',
    },
    {
      name: 'cuBLAS kernels',
      bytes: CUBLAS_KERNELS,
      when: 'first-prompt',
      source: 'library modules, loaded on first use',
      shared: true,
    },
    {
      name: 'CUDA graphs',
      bytes: CUDA_GRAPHS,
      when: 'first-prompt',
      source: 'one executable graph a split at batch 1',
    },
  ]
}

/** Operations run one at a time and the pool is a stack that never shrinks: its peak is its largest operation's. */
const largest = (terms: readonly PoolTerm[]): PoolTerm | undefined =>
  terms.reduce<PoolTerm | undefined>((most, term) => (most && most.bytes >= term.bytes ? most : term), undefined)
