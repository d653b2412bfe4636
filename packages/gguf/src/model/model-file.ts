import { createHash } from 'node:crypto'
import { bytes, sumBytes, type Bytes, type GgufHeader } from '@berth/core'
import { GgufError } from '../errors.ts'
import { decodeHeader } from '../header/decode.ts'
import { walkBytes, type RawHeader } from '../header/read-header.ts'
import { trimHeader } from '../header/trim.ts'
import { mergeShards, SPLIT_KEYS } from './shards.ts'

/** A model as its file or files describe it, nothing of its tensor data read. */
export interface ModelFile {
  /** As it was asked for, resolved to a file. */
  readonly address: string
  /** Of the first shard, without folders. */
  readonly fileName: string
  /** In order; one for a file that is not split. */
  readonly shards: readonly ShardFile[]
  readonly fileBytes: Bytes
  /** The bytes end with the header: a header saved without its data. Sizes are then what the header implies. A server that does not tell the size gets the benefit of the doubt. */
  readonly dataMissing: boolean
  readonly header: GgufHeader
  /** The header as a small GGUF file, long arrays emptied; `decodeTrimmed` gives `header` back. */
  readonly trimmed: Uint8Array
  /** Of `trimmed`, in hexadecimal: equal for equal models wherever they were read. */
  readonly sha256: string
  /** HTTP requests sent, redirects included. */
  readonly requests: number
}

export interface ShardFile {
  readonly name: string
  readonly bytes: Bytes
}

/** A file's header under the file's name. */
export interface NamedHeader extends RawHeader {
  readonly fileName: string
}

/** Puts the headers of all shards, in order, together. Their sizes are checked against what they list. */
export const assembleModel = async (
  headers: readonly [NamedHeader, ...NamedHeader[]],
  { address, requests }: Pick<ModelFile, 'address' | 'requests'>,
): Promise<ModelFile> => {
  const [first] = headers
  const sizes = headers.map(sizeOf)
  const shards = headers.map(({ fileName }, index) => ({ name: fileName, bytes: sizes[index]!.bytes }))
  const trimmed = trimHeader({
    bytes: first.bytes,
    walked: first.walked,
    tensors: mergeShards(headers),
    omitKeys: SPLIT_KEYS,
  })
  return {
    address,
    fileName: first.fileName,
    shards,
    fileBytes: sumBytes(shards.map((shard) => shard.bytes)),
    dataMissing: sizes.some((size) => size.dataMissing),
    header: await decodeTrimmed(trimmed),
    trimmed,
    sha256: createHash('sha256').update(trimmed).digest('hex'),
    requests,
  }
}

/**
 * The header of a trimmed (or any whole) header's bytes.
 *
 * @throws GgufError
 */
export const decodeTrimmed = async (trimmed: Uint8Array): Promise<GgufHeader> =>
  decodeHeader(trimmed, walkBytes(trimmed, { trimmed: true, fileBytes: trimmed.length }))

/** A file may end with its header, or hold all its tensors; anything between is cut off. */
function sizeOf({ walked, fileBytes }: RawHeader): { readonly bytes: Bytes; readonly dataMissing: boolean } {
  const { dataStart, dataEnd, impliedFileBytes } = walked
  const implied = bytes(impliedFileBytes)
  if (fileBytes === undefined) return { bytes: implied, dataMissing: false }
  if (fileBytes >= dataEnd) return { bytes: bytes(fileBytes), dataMissing: false }
  if (fileBytes <= dataStart) return { bytes: implied, dataMissing: true }
  throw new GgufError({ code: 'truncated-data', needed: dataEnd, available: fileBytes })
}
