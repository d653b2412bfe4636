import { isQuantized } from '../header/ggml-type.ts'
import { type GgufHeader, type HeaderValue, type TensorInfo, tensorBytes } from '../header/header.ts'
import { type Bytes, bytes, padTo } from '../units.ts'
import { type Mix, mixes } from './mix.ts'
import { isQuantizable } from './quantizable.ts'
import { quantizeFacts, type QuantizeFacts, type QuantizeOptions } from './quantize-facts.ts'
import { categoryOf, type TensorCategory } from './tensor-category.ts'
import { tensorType } from './tensor-type.ts'

/** `GGML_QNT_VERSION`. */
const QUANTIZATION_VERSION = 2

/** `GGUF_DEFAULT_ALIGNMENT`: llama-quantize pads each tensor to it. */
const ALIGNMENT = 32

/**
 * The header that `llama-quantize source.gguf target.gguf <mix>` would write: each tensor's type by the rules of
 * llama-quant.cpp (ggml 0.25.1), tensors in the order of its file. Exact for a source in F32, F16 or BF16. A tensor
 * that the source already holds quantized (gpt-oss experts) keeps its type, as llama-quantize refuses to requantize.
 */
export function quantizeHeader(header: GgufHeader, mix: Mix, options: QuantizeOptions = {}): GgufHeader {
  const facts = quantizeFacts(header, mix, options)
  return {
    metadata: quantizedMetadata(header.metadata, mix),
    trimmedArrayLengths: header.trimmedArrayLengths,
    tensors: quantizedTensors(facts, header.tensors),
  }
}

/**
 * Bytes of the tensors in a file of this mix, each padded as the file pads it. Exact. The file's header comes on top:
 * names and settings, and a tokenizer of up to a few MB.
 */
export const mixFileBytes = (header: GgufHeader, mix: Mix, options: QuantizeOptions = {}): Bytes =>
  tensorDataBytes(quantizeHeader(header, mix, options))

/** Length of the data section of a GGUF file with this header. Exact. */
export const tensorDataBytes = (header: GgufHeader): Bytes =>
  bytes(header.tensors.reduce((sum, tensor) => sum + padTo(tensorBytes(tensor), ALIGNMENT), 0))

function quantizedMetadata(metadata: GgufHeader['metadata'], mix: Mix): Readonly<Record<string, HeaderValue>> {
  const kept = Object.entries(metadata).filter(([key]) => !key.startsWith('split.'))
  return {
    ...Object.fromEntries(kept),
    'general.quantization_version': QUANTIZATION_VERSION,
    'general.file_type': mixes[mix].fileType,
  }
}

function quantizedTensors(facts: QuantizeFacts, tensors: readonly TensorInfo[]): readonly TensorInfo[] {
  const seen = new Map<TensorCategory, number>()
  return inFileOrder(tensors).map(({ tensor, block }) => {
    if (!isQuantizable(tensor)) return tensor
    const category = categoryOf(tensor.name)
    const ordinal = seen.get(category) ?? 0
    seen.set(category, ordinal + 1)
    if (isQuantized(tensor.type)) return tensor
    const at = { ordinal, block: facts.expertCount > 1 ? block : ordinal }
    return { ...tensor, type: tensorType(facts, tensor, { category, at }) }
  })
}

interface Placed {
  readonly tensor: TensorInfo
  /** -1 outside the repeating blocks. */
  readonly block: number
}

/** By block number, then by name byte for byte (`weight_name_comparer`); the rules count tensors in this order. */
function inFileOrder(tensors: readonly TensorInfo[]): readonly Placed[] {
  const placed = tensors.map((tensor) => ({ tensor, block: Number(/^blk\.(\d+)\./.exec(tensor.name)?.[1] ?? -1) }))
  return placed.toSorted((a, b) => a.block - b.block || compareNames(a.tensor.name, b.tensor.name))
}

const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
