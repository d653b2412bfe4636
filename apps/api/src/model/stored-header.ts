import { gunzipSync, gzipSync } from 'node:zlib'
import type { AnyHeader, Exl2Header } from '@berth/core'
import { decodeTrimmed } from '@berth/gguf'
import type { ModelFormat } from './schema.ts'

/** More than any header that the reader takes from a folder; what is stored was read by it. */
const MAX_FOLDER_HEADER_BYTES = 256 * 1024 * 1024

/** A folder's header as it is stored. */
export const encodeFolder = (header: Exl2Header): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(gzipSync(JSON.stringify(header)))

/** A stored header, by what the row says it is of. */
export async function decodeStored(format: ModelFormat, header: Uint8Array): Promise<AnyHeader> {
  if (format === 'gguf') return decodeTrimmed(header)
  // Written by `encodeFolder`.
  return JSON.parse(gunzipSync(header, { maxOutputLength: MAX_FOLDER_HEADER_BYTES }).toString('utf8')) as Exl2Header
}
