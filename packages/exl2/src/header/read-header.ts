import { type HeadSource, shown } from '@berth/sources'
import { Exl2Error } from '../errors.ts'
import { MAX_HEADER_BYTES } from '../limits.ts'
import { parseSafetensorsHeader, type SafetensorsHeader } from './safetensors.ts'

/** A file's header under the file's name. */
export interface FileHeader extends SafetensorsHeader {
  readonly fileName: string
  /** The length and the JSON. */
  readonly headerBytes: number
  readonly fileBytes: number
}

/** A little-endian u64. */
const LENGTH_BYTES = 8

/**
 * Reads the header of a safetensors file and no byte of its data, and closes the source.
 *
 * @throws Exl2Error `truncated-header`, `header-too-large`, `truncated-data`, `trailing-data`, those of the header
 */
export async function readSafetensorsHeader(
  source: HeadSource,
  { maxHeaderBytes = MAX_HEADER_BYTES }: { readonly maxHeaderBytes?: number | undefined } = {},
): Promise<FileHeader> {
  const file = shown(source.fileName)
  try {
    const start = await source.head(LENGTH_BYTES)
    if (start.bytes.length < LENGTH_BYTES) throw cutOff(file, LENGTH_BYTES, start.bytes.length)
    const length = new DataView(start.bytes.buffer, start.bytes.byteOffset).getBigUint64(0, true)
    if (length > BigInt(maxHeaderBytes)) {
      throw new Exl2Error({ code: 'header-too-large', file, limit: maxHeaderBytes, found: String(length) })
    }
    const headerBytes = LENGTH_BYTES + Number(length)
    const known = source.fileBytes()
    if (known !== undefined && known < headerBytes) throw cutOff(file, headerBytes, known)
    const { bytes } = await source.head(headerBytes)
    if (bytes.length < headerBytes) throw cutOff(file, headerBytes, bytes.length)
    const header = parseSafetensorsHeader(bytes.subarray(LENGTH_BYTES, headerBytes), file)
    const needed = headerBytes + header.dataBytes
    // A server that does not tell the size gets the benefit of the doubt.
    const fileBytes = source.fileBytes() ?? needed
    if (fileBytes < needed) throw new Exl2Error({ code: 'truncated-data', file, needed, available: fileBytes })
    if (fileBytes > needed) throw new Exl2Error({ code: 'trailing-data', file, needed, available: fileBytes })
    return { ...header, fileName: source.fileName, headerBytes, fileBytes }
  } finally {
    await source.close()
  }
}

const cutOff = (file: string, needed: number, available: number): Exl2Error =>
  new Exl2Error({ code: 'truncated-header', file, needed, available })
