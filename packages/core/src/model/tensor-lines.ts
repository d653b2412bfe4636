import { GGML_TYPES, type GgmlType, isQuantized } from '../header/ggml-type.ts'
import { tensorBytes, type TensorInfo } from '../header/header.ts'
import { blockOfTensor } from '../header/tensor-names.ts'
import { DEVICE_ALIGNMENT, HOST_ALIGNMENT, weightBytesIn } from '../memory/alignment.ts'
import { counted, type FormulaLine, tally } from '../memory/explain.ts'
import { bytes, groupThousands } from '../units.ts'

/** One copy of a tensor where it lies. */
export interface Copy {
  readonly tensor: TensorInfo
  readonly onDevice: boolean
}

/**
 * Tensors of one name, shape and type counted together, the largest first; then what alignment and row padding add, what
 * an element takes, and why some lie on the host.
 */
export function tensorLines(copies: readonly Copy[]): readonly FormulaLine[] {
  const apart = new Set(copies.map(({ onDevice }) => onDevice)).size > 1
  const groups = tally(copies, ({ tensor, onDevice }) => ({
    text: `${tensorWords(tensor)}${apart && !onDevice ? ', on the host' : ''}`,
    bytes: tensorBytes(tensor),
  }))
  const lines = groups.map(({ text, count, bytes: size }) => ({
    text: count > 1 ? `${count} × ${text}` : text,
    bytes: size,
  }))
  const padding = copies.reduce(
    (sum, { tensor, onDevice }) => sum + weightBytesIn(tensor, onDevice) - tensorBytes(tensor),
    0,
  )
  const alignment = copies.some(({ onDevice }) => onDevice) ? DEVICE_ALIGNMENT : HOST_ALIGNMENT
  return [
    ...lines.toSorted((left, right) => right.bytes - left.bytes),
    ...(padding > 0 ? [{ text: `padding to ${alignment} bytes and to whole rows`, bytes: bytes(padding) }] : []),
    ...typeRemarks(copies).map((text) => ({ text })),
  ]
}

function tensorWords({ name, shape, type }: TensorInfo): string {
  const il = blockOfTensor(name)
  const own = il === undefined ? name : name.slice(`blk.${il}.`.length)
  return `${own}: ${shape.map(groupThousands).join(' × ')} in ${type}`
}

/** "q4_K: 144 bytes for 256 elements", for every type that occurs, and why some lie apart. */
function typeRemarks(copies: readonly Copy[]): readonly string[] {
  const types = [...new Set(copies.map(({ tensor }) => tensor.type))]
  const apart = new Set(copies.map(({ onDevice }) => onDevice)).size > 1
  return [
    ...(types.length > 0 ? [types.map(typeWords).join('; ')] : []),
    ...(apart ? ['on the host: what no GPU has a kernel for (weight_buft_supported)'] : []),
  ]
}

export function typeWords(type: GgmlType): string {
  const { blockBytes, blockElements } = GGML_TYPES[type]
  return isQuantized(type)
    ? `${type}: ${blockBytes} bytes for ${blockElements} elements`
    : `${type}: ${counted(blockBytes, 'byte')} an element`
}
