import { GGML_TYPES, padTo, tensorBytes, type TensorInfo } from '@berth/core'
import { VALUE_TYPES, type ValueType } from './value-type.ts'

/** Appends GGUF's primitives, little-endian. */
export interface ByteWriter {
  readonly u32: (value: number) => void
  readonly u64: (value: number | bigint) => void
  readonly string: (text: string) => void
  readonly raw: (bytes: Uint8Array) => void
  readonly type: (type: ValueType) => void
  /** One element of a type of fixed size. */
  readonly number: (type: ValueType, value: number | bigint | boolean) => void
  readonly pad: (alignment: number) => void
  readonly length: () => number
  readonly finish: () => Uint8Array
}

const utf8 = new TextEncoder()

export const createWriter = (): ByteWriter => {
  let bytes = new Uint8Array(4096)
  let view = new DataView(bytes.buffer)
  let end = 0
  const claim = (count: number): number => {
    const start = end
    end += count
    if (end > bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * bytes.length))
      grown.set(bytes)
      bytes = grown
      view = new DataView(bytes.buffer)
    }
    return start
  }
  const raw = (part: Uint8Array): void => {
    const start = claim(part.length)
    bytes.set(part, start)
  }
  const number = (type: ValueType, value: number | bigint | boolean): void => {
    const start = claim(VALUE_TYPES[type].size ?? 0)
    writeNumber(view, start, { type, value })
  }
  const u64 = (value: number | bigint): void => number('u64', value)
  return {
    u32: (value) => number('u32', value),
    u64,
    string: (text) => {
      const encoded = utf8.encode(text)
      u64(encoded.length)
      raw(encoded)
    },
    raw,
    type: (type) => number('u32', VALUE_TYPES[type].id),
    number,
    pad: (alignment) => void claim(padTo(end, alignment) - end),
    length: () => end,
    finish: () => bytes.slice(0, end),
  }
}

interface TypedNumber {
  readonly type: ValueType
  readonly value: number | bigint | boolean
}

function writeNumber(view: DataView, position: number, { type, value }: TypedNumber): void {
  switch (type) {
    case 'u8':
    case 'bool':
      return view.setUint8(position, Number(value))
    case 'i8':
      return view.setInt8(position, Number(value))
    case 'u16':
      return view.setUint16(position, Number(value), true)
    case 'i16':
      return view.setInt16(position, Number(value), true)
    case 'u32':
      return view.setUint32(position, Number(value), true)
    case 'i32':
      return view.setInt32(position, Number(value), true)
    case 'f32':
      return view.setFloat32(position, Number(value), true)
    case 'f64':
      return view.setFloat64(position, Number(value), true)
    case 'u64':
      return view.setBigUint64(position, BigInt(value), true)
    case 'i64':
      return view.setBigInt64(position, BigInt(value), true)
    case 'string':
    case 'array':
      throw new TypeError(`${type} has no fixed size`)
  }
}

/** "GGUF", version and counts. */
export const writePreamble = (
  writer: ByteWriter,
  counts: { readonly version: number; readonly tensors: number; readonly keyValues: number },
): void => {
  writer.raw(utf8.encode('GGUF'))
  writer.u32(counts.version)
  writer.u64(counts.tensors)
  writer.u64(counts.keyValues)
}

/** Tensor infos with each tensor right after the one before, aligned, as llama.cpp wants them; then the padding. */
export const writeTensors = (writer: ByteWriter, tensors: readonly TensorInfo[], alignment: number): void => {
  let offset = 0
  for (const tensor of tensors) {
    writer.string(tensor.name)
    writer.u32(tensor.shape.length)
    for (const size of tensor.shape) writer.u64(size)
    writer.u32(GGML_TYPES[tensor.type].id)
    writer.u64(offset)
    offset = padTo(offset + tensorBytes(tensor), alignment)
  }
  if (tensors.length > 0) writer.pad(alignment)
}
