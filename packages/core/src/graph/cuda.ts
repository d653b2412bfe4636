import { isQuantized, type GgmlType } from '../header/ggml-type.ts'
import { rowPaddingBytes } from '../memory/alignment.ts'
import { padTo } from '../units.ts'
import { ALIBI, CONVERTS_IN_POOL } from './operations.ts'
import { type Backend, graphBytes, graphElements, type GraphTensor, isContiguous, UNASSIGNED } from './tensor.ts'

/** What ggml-cuda adds to the neutral rules: which operations it has, and what it asks for beyond `ggml_nbytes`. */

export type FlashAttentionKernel = 'MMA' | 'TILE' | 'VEC'

/** The cache types the VEC kernel is compiled for in a default build (GGML_CUDA_FA_ALL_QUANTS off): only equal pairs. */
const VEC_TYPES: readonly GgmlType[] = ['f16', 'bf16', 'q8_0', 'q4_0']
const VEC_HEAD_SIZES = [64, 128, 256]
/** `ggml_cuda_fattn_kv_type_supported`. */
const CACHE_TYPES: readonly GgmlType[] = ['f32', 'f16', 'bf16', 'q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0']

/**
 * `ggml_cuda_get_best_fattn_kernel` of fattn.cu for Turing and newer; undefined where the device has no kernel.
 * Compute capabilities 6.1 to 12.0 give the same buffers, so one answer serves all.
 */
export function flashAttentionKernel(operation: GraphTensor): FlashAttentionKernel | undefined {
  const [q, k, v, mask] = operation.src as [GraphTensor, GraphTensor, GraphTensor, GraphTensor | undefined]
  const gqaRatio = Math.floor(q.ne[2] / k.ne[2])
  const aligned = [q, k, v, mask].every(
    (t) => !t || isQuantized(t.type) || (t.nb[1] % 16 === 0 && t.nb[2] % 16 === 0 && t.nb[3] % 16 === 0),
  )
  const alibi = operation.variant.includes(ALIBI)
  const grouped = gqaRatio >= 2 && mask !== undefined && !alibi && k.ne[1] % 256 === 0 && aligned
  if (!CACHE_TYPES.includes(k.type) || !CACHE_TYPES.includes(v.type)) return undefined
  if (!headSizesSupported(k.ne[0], v.ne[0], gqaRatio, grouped)) return undefined
  if (mask && mask.ne[2] !== 1) return undefined
  if (q.ne[0] === 40 || q.ne[0] === 72) return 'TILE'
  const vecShape = q.ne[0] <= 256 && q.ne[0] % 64 === 0 && q.ne[0] !== 192 && k.ne[1] % 256 === 0
  if (vecShape && q.ne[1] === 1 && (isQuantized(k.type) || isQuantized(v.type) || !grouped)) return 'VEC'
  return 'MMA'
}

function headSizesSupported(keySize: number, valueSize: number, gqaRatio: number, grouped: boolean): boolean {
  switch (keySize) {
    case 40:
    case 64:
    case 72:
    case 80:
    case 96:
    case 112:
    case 128:
    case 256:
      return valueSize === keySize
    case 192:
      return valueSize === 128 && grouped && gqaRatio % 8 === 0
    case 320:
      return valueSize === 256 && grouped && gqaRatio % 32 === 0
    case 512:
      return valueSize === keySize && grouped
    case 576:
      return valueSize === 512 && grouped
    default:
      return false
  }
}

/** Types that CUDA has no matrix product for, nor any other operation: the ternary ones of BitNet. */
const WITHOUT_PRODUCT: readonly GgmlType[] = ['tq1_0', 'tq2_0']

export const cudaMultiplies = (type: GgmlType): boolean => !WITHOUT_PRODUCT.includes(type)

/** `ggml_backend_cuda_device_supports_op`, as far as the graphs built here can be refused. */
export function cudaSupports(operation: GraphTensor, device: Backend, hostBackend: Backend): boolean {
  const { src, op } = operation
  for (const source of src) {
    if (source && source.buffer !== UNASSIGNED && source.buffer !== hostBackend && source.buffer !== device)
      return false
  }
  switch (op) {
    case 'FLASH_ATTN_EXT':
      return flashAttentionKernel(operation) !== undefined
    case 'GET_ROWS':
      return src[0]!.ne[0] % 256 === 0 || !(src[0]!.type === 'iq4_nl' || src[0]!.type === 'mxfp4')
    case 'MUL_MAT':
      return cudaMultiplies(src[0]!.type)
    case 'MUL_MAT_ID':
      return cudaMultiplies(src[0]!.type) && operation.variant !== 'f32'
    case 'LIGHTNING_INDEXER':
      return lightningIndexerSupported(operation)
    case 'SSM_CONV':
      return src[0]!.ne[1] % 128 === 0
    case 'SSM_SCAN':
      return ssmScanSupported(operation)
    case 'UNARY':
      return isContiguous(src[0]!)
    default:
      return true
  }
}

/** `ggml_cuda_lightning_indexer_supported`, as far as cache types and contiguous heads leave it open. */
const lightningIndexerSupported = ({ src }: GraphTensor): boolean => {
  const [q, k] = src as [GraphTensor, GraphTensor]
  return q.ne[0] === 128 && (q.ne[1] === 32 || q.ne[1] === 64) && k.type !== 'iq4_nl'
}

/** ssm-scan.cu: Mamba-2 (one A per head) and Mamba-1 shapes that have kernels. */
function ssmScanSupported({ src }: GraphTensor): boolean {
  const [state, , , a, b] = src as GraphTensor[]
  if (a!.ne[0] === 1) return (state!.ne[0] === 128 || state!.ne[0] === 256) && state!.ne[1] % 16 === 0
  return state!.ne[0] === 16 && state!.ne[1] === 1 && state!.ne[2] % 128 === 0 && b!.ne[1] === 1
}

/** Bytes the allocator asks for: `ggml_backend_buft_get_alloc_size` of CUDA, or plain `ggml_nbytes` on the host. */
export function requestedBytes(tensor: GraphTensor, onDevice: boolean): number {
  const size = graphBytes(tensor)
  if (!onDevice) return size
  return (
    (reservesConversions(tensor) ? size + flashAttentionScratch(tensor, size) : size) +
    rowPaddingBytes(tensor.type, tensor.ne[0])
  )
}

const reservesConversions = ({ op, variant }: GraphTensor): boolean =>
  op === 'FLASH_ATTN_EXT' && !variant.includes(CONVERTS_IN_POOL)

/** `ggml_cuda_flash_attn_ext_get_alloc_size`: F16 copies of K and V behind the result, where the kernel reads only F16. */
function flashAttentionScratch(operation: GraphTensor, size: number): number {
  const [q, k, v] = operation.src as [GraphTensor, GraphTensor, GraphTensor]
  const kernel = flashAttentionKernel(operation)
  const converts = kernel === 'VEC' ? !vecReads(q, k, v) : kernel !== undefined
  const valuesInKeys = v.viewOf !== null && (v.viewOf === k || (v.viewOf === k.viewOf && v.viewOffset === k.viewOffset))
  let end = size
  if (converts && k.type !== 'f16') end = padTo(end, 128) + graphElements(k) * 2
  if (converts && v.type !== 'f16' && !valuesInKeys) end = padTo(end, 128) + graphElements(v) * 2
  return end - size
}

const vecReads = (q: GraphTensor, k: GraphTensor, v: GraphTensor): boolean =>
  k.type === v.type && VEC_TYPES.includes(k.type) && VEC_HEAD_SIZES.includes(q.ne[0])
