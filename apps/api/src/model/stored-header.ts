import { gunzipSync, gzipSync } from 'node:zlib'
import { type AnyHeader, type AnyModel, describeAny, type Exl2Header, type Exl2Model } from '@berth/core'
import { decodeTrimmed } from '@berth/gguf'
import { ApiError } from '../errors.ts'
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

/**
 * What was described when it was saved; a newer version may be stricter.
 *
 * @throws {ApiError} `describe-…`
 */
export function describeStored(header: Exl2Header): Exl2Model
export function describeStored(header: AnyHeader): AnyModel
export function describeStored(header: AnyHeader): AnyModel {
  const described = describeAny(header)
  if (described.ok) return described.value
  const { issue, sentence } = described.issue
  throw new ApiError(`describe-${issue.code}`, sentence, { data: issue })
}
