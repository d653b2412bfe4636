import { isQuantized, rowBytes, type GgmlType } from '../header/ggml-type.ts'
import { tensorBytes, type TensorInfo } from '../header/header.ts'
import { padTo } from '../units.ts'

/** `ggml_backend_cuda_buffer_type_get_alignment`. */
export const DEVICE_ALIGNMENT = 128
/** `TENSOR_ALIGNMENT` of ggml-backend.cpp for host buffers. */
export const HOST_ALIGNMENT = 32
/** `MATRIX_ROW_PADDING` of ggml-cuda: kernels read quantized rows in steps of 512 elements. */
const MATRIX_ROW_PADDING = 512

/** Bytes beyond `ggml_nbytes` that CUDA asks for a quantized tensor (`ggml_backend_cuda_buffer_type_get_alloc_size`). Exact. */
export function rowPaddingBytes(type: GgmlType, rowElements: number): number {
  if (!isQuantized(type) || rowElements % MATRIX_ROW_PADDING === 0) return 0
  return rowBytes(type, MATRIX_ROW_PADDING - (rowElements % MATRIX_ROW_PADDING))
}

/** What a preallocated tensor of `byteCount` takes in a device's or the host's buffer. Exact. */
export const allocatedBytes = (byteCount: number, type: GgmlType, rowElements: number, onDevice: boolean): number =>
  onDevice ? padTo(byteCount + rowPaddingBytes(type, rowElements), DEVICE_ALIGNMENT) : padTo(byteCount, HOST_ALIGNMENT)

/** What one weight takes in a device's or the host's buffer. Exact. */
export const weightBytesIn = (tensor: TensorInfo, onDevice: boolean): number =>
  allocatedBytes(tensorBytes(tensor), tensor.type, tensor.shape[0] ?? 1, onDevice)
