import type { Bytes } from '@berth/core'
import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import { walkBytes } from '../header/read-header.ts'
import { assembleModel, type ModelFile, type NamedHeader } from './model-file.ts'
import { shardNames, splitOf } from './shards.ts'

export interface BytesOptions {
  readonly fileName?: string | undefined
  /** The whole file's size, where the bytes are only its beginning. */
  readonly fileBytes?: Bytes | undefined
  readonly maxHeaderBytes?: Bytes | undefined
}

/**
 * A model from bytes at hand: a whole file, its beginning, or its header alone.
 *
 * @throws GgufError `missing-shard` for a part of a split file, and all that can be wrong with a header
 */
export const readModelFromBytes = async (bytes: Uint8Array, options: BytesOptions = {}): Promise<ModelFile> => {
  const { fileName = 'model.gguf', fileBytes = bytes.length, maxHeaderBytes } = options
  const header: NamedHeader = { fileName, bytes, walked: walkBytes(bytes, { fileBytes, maxHeaderBytes }), fileBytes }
  const split = splitOf(header)
  if (split !== undefined) {
    const number = split.index === 0 ? 2 : 1
    const shard = shown(shardNames(fileName, split)[number - 1]!)
    throw new GgufError({ code: 'missing-shard', shard, number, count: split.count })
  }
  return assembleModel([header], { address: fileName, requests: 0 })
}
