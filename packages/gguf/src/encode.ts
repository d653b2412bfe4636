import { open } from 'node:fs/promises'
import { bytes, padTo, tensorBytes, type Bytes, type GgufHeader, type HeaderValue, type TensorInfo } from '@berth/core'
import { DEFAULT_ALIGNMENT, TRIMMED_PREFIX } from './limits.ts'
import { VALUE_TYPES, type ValueType } from './header/value-type.ts'
import { createWriter, writePreamble, writeTensors, type ByteWriter } from './header/write.ts'

type Scalar = string | number | bigint | boolean

/** A metadata value with the type it has in the file. */
export type TypedValue =
  | { readonly type: Exclude<ValueType, 'array'>; readonly value: Scalar }
  | { readonly type: 'array'; readonly of: Exclude<ValueType, 'array'>; readonly value: readonly Scalar[] }

export interface EncodableHeader {
  readonly version?: 2 | 3
  /** In file order. The data section is aligned to `general.alignment` if that is among them. */
  readonly metadata: Readonly<Record<string, TypedValue>>
  readonly tensors: readonly TensorInfo[]
}

/** A GGUF header, ending where tensor data would begin. Nothing is checked: tests write bad ones on purpose. */
export const encodeHeader = ({ version = 3, metadata, tensors }: EncodableHeader): Uint8Array => {
  const entries = Object.entries(metadata)
  const writer = createWriter()
  writePreamble(writer, { version, tensors: tensors.length, keyValues: entries.length })
  for (const [key, value] of entries) {
    writer.string(key)
    writeValue(writer, value)
  }
  writeTensors(writer, tensors, alignmentIn(metadata))
  return writer.finish()
}

function writeValue(writer: ByteWriter, typed: TypedValue): void {
  writer.type(typed.type)
  if (typed.type !== 'array') return writeScalar(writer, typed.type, typed.value)
  writer.type(typed.of)
  writer.u64(typed.value.length)
  for (const element of typed.value) writeScalar(writer, typed.of, element)
}

const writeScalar = (writer: ByteWriter, type: ValueType, value: Scalar): void =>
  VALUE_TYPES[type].size === undefined || typeof value === 'string'
    ? writer.string(String(value))
    : writer.number(type, value)

const alignmentIn = (metadata: EncodableHeader['metadata']): number =>
  Number(metadata['general.alignment']?.value ?? DEFAULT_ALIGNMENT)

/** Size of the whole file that a header describes: the header itself and its tensors, each padded. Exact. */
export const encodedFileBytes = (header: EncodableHeader): Bytes => {
  const alignment = alignmentIn(header.metadata)
  const data = header.tensors.reduce((sum, tensor) => sum + padTo(tensorBytes(tensor), alignment), 0)
  return bytes(encodeHeader(header).length + data)
}

/** Writes a file of full size whose tensor data is a hole: it takes the room of its header. Returns its size. */
export const writeSparseFile = async (path: string, header: EncodableHeader): Promise<Bytes> => {
  const size = encodedFileBytes(header)
  const file = await open(path, 'w')
  try {
    await file.write(encodeHeader(header))
    await file.truncate(size)
  } finally {
    await file.close()
  }
  return size
}

/**
 * Plain metadata with types put back by the values' looks: whole numbers become u32, i32, u64 or i64, others f32 or
 * f64. A float that happens to be whole becomes a whole number, so this serves Berth's own reading, not an engine.
 */
export const inferTypes = ({ metadata, trimmedArrayLengths }: GgufHeader): EncodableHeader['metadata'] => ({
  ...Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, inferType(value)])),
  ...Object.fromEntries(
    Object.keys(trimmedArrayLengths).map((key) => [key, { type: 'array', of: 'string', value: [] }]),
  ),
  ...Object.fromEntries(
    Object.entries(trimmedArrayLengths).map(([key, length]) => [TRIMMED_PREFIX + key, { type: 'u64', value: length }]),
  ),
})

/** A header as a trimmed GGUF file: `decodeTrimmed` gives the same header back. */
export const encodeGgufHeader = (header: GgufHeader): Uint8Array =>
  encodeHeader({ metadata: inferTypes(header), tensors: header.tensors })

const inferType = (value: HeaderValue): TypedValue => {
  if (typeof value !== 'object') return { type: scalarType([value]), value }
  return { type: 'array', of: scalarType(value), value }
}

const NUMBER_RANGES = [
  ['u32', 0, 2 ** 32 - 1],
  ['i32', -(2 ** 31), 2 ** 31 - 1],
  ['u64', 0, Number.MAX_SAFE_INTEGER],
  ['i64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
] as const

function scalarType(values: readonly Scalar[]): Exclude<ValueType, 'array'> {
  if (values.some((value) => typeof value === 'string')) return 'string'
  if (values.length > 0 && values.every((value) => typeof value === 'boolean')) return 'bool'
  const numbers = values.map(Number)
  if (!numbers.every(Number.isInteger)) {
    return numbers.every((value) => Math.fround(value) === value) ? 'f32' : 'f64'
  }
  const range = NUMBER_RANGES.find(([, least, most]) => numbers.every((value) => value >= least && value <= most))
  return range?.[0] ?? 'f64'
}
