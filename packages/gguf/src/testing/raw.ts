import { createWriter, type ByteWriter } from '../header/write.ts'

/** Headers written field by field, so that any one field can be wrong. */
export interface RawHeaderParts {
  readonly magic?: string
  readonly version?: number
  readonly tensors?: number | bigint
  readonly keyValues?: number | bigint
  readonly body?: (writer: ByteWriter) => void
}

export const rawHeader = ({
  magic = 'GGUF',
  version = 3,
  tensors = 0,
  keyValues = 0,
  body,
}: RawHeaderParts): Uint8Array => {
  const writer = createWriter()
  writer.raw(new TextEncoder().encode(magic))
  writer.u32(version)
  writer.u64(tensors)
  writer.u64(keyValues)
  body?.(writer)
  return writer.finish()
}

export interface RawTensor {
  readonly name?: string
  readonly dims?: readonly (number | bigint)[]
  readonly dimCount?: number
  readonly type?: number
  readonly offset?: number | bigint
}

export const writeRawTensor = (writer: ByteWriter, tensor: RawTensor): void => {
  const { name = 'a', dims = [32], dimCount = dims.length, type = 0, offset = 0 } = tensor
  writer.string(name)
  writer.u32(dimCount)
  for (const dim of dims) writer.u64(dim)
  writer.u32(type)
  writer.u64(offset)
}

/** A header of these tensors alone. */
export const rawTensors = (...tensors: readonly RawTensor[]): Uint8Array =>
  rawHeader({ tensors: tensors.length, body: (writer) => tensors.forEach((tensor) => writeRawTensor(writer, tensor)) })

/** A header of one key/value: key, type number, and whatever follows. */
export const rawKeyValue = (key: string, type: number, value: (writer: ByteWriter) => void): Uint8Array =>
  rawHeader({
    keyValues: 1,
    body: (writer) => {
      writer.string(key)
      writer.u32(type)
      value(writer)
    },
  })

/** An array's element type, element count, and whatever follows. */
export const rawArray = (
  elementType: number,
  count: number | bigint,
  elements: (writer: ByteWriter) => void = () => {},
): Uint8Array =>
  rawKeyValue('list', 9, (writer) => {
    writer.u32(elementType)
    writer.u64(count)
    elements(writer)
  })
