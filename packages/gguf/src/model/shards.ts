import type { TensorInfo } from '@berth/core'
import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import type { RawHeader } from '../header/read-header.ts'
import { integerOf } from '../header/walk-key-value.ts'
import { MAX_SHARDS } from '../limits.ts'
import type { NamedHeader } from './model-file.ts'
import { formatShardName, parseShardName, type ShardName } from './shard-name.ts'

/** Say how a file was cut, not what the model is; left out of the merged header. */
export const SPLIT_KEYS: ReadonlySet<string> = new Set(['split.no', 'split.count', 'split.tensors.count'])

/** Which part of a split file a header belongs to. */
export interface Split {
  /** From 0. */
  readonly index: number
  readonly count: number
  readonly tensorCount: number | undefined
}

/**
 * What `split.*` says, or undefined for a file that stands alone. As in llama.cpp the header decides, not the name.
 *
 * @throws GgufError `shard-mismatch`, `limit-exceeded`
 */
export const splitOf = ({ bytes, walked, fileName }: NamedHeader): Split | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numberOf = (key: string): number | undefined => {
    const entry = walked.keyValues.find((keyValue) => keyValue.key === key)
    const value = entry === undefined ? undefined : integerOf(view, entry)
    if (entry !== undefined && (value === undefined || value < 0n)) {
      throw mismatch(fileName, `has ${key} of type ${entry.type}, not a count`)
    }
    return value === undefined ? undefined : Number(value)
  }
  const count = numberOf('split.count') ?? 1
  if (count <= 1) return undefined
  if (count > MAX_SHARDS) {
    throw new GgufError({ code: 'limit-exceeded', field: 'split.count', limit: MAX_SHARDS, found: String(count) })
  }
  const index = numberOf('split.no')
  if (index === undefined || index >= count) throw mismatch(fileName, `has split.no ${index} of ${count}`)
  return { index, count, tensorCount: numberOf('split.tensors.count') }
}

const mismatch = (fileName: string, problem: string): GgufError =>
  new GgufError({ code: 'shard-mismatch', shard: shown(fileName), problem })

/** Names of all shards of the split that a file belongs to, in order. */
export const shardNames = (fileName: string, { index, count }: Split): readonly string[] => {
  const name: ShardName | undefined = parseShardName(fileName)
  if (name?.number !== index + 1 || name.count !== count) {
    const expected = `-${String(index + 1).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.gguf`
    throw mismatch(fileName, `must be named "…${expected}", as its header says`)
  }
  return Array.from({ length: count }, (_, position) => formatShardName({ ...name, number: position + 1 }))
}

/**
 * The tensors of all shards, in order, after checking that the shards belong together as llama.cpp's loader does.
 *
 * @throws GgufError `shard-mismatch`, `duplicate-tensor`
 */
export const mergeShards = (headers: readonly NamedHeader[]): readonly TensorInfo[] => {
  if (headers.length > 1) for (const [index, header] of headers.entries()) assertMember(header, index, headers.length)
  const tensors = headers.flatMap(({ walked }: RawHeader) => walked.tensors)
  const names = new Set<string>()
  for (const { name } of tensors) {
    if (names.has(name)) throw new GgufError({ code: 'duplicate-tensor', tensor: shown(name) })
    names.add(name)
  }
  const declared = splitOf(headers[0]!)?.tensorCount
  if (headers.length > 1 && declared !== tensors.length) {
    throw mismatch(headers[0]!.fileName, `has split.tensors.count ${declared}, the shards list ${tensors.length}`)
  }
  return tensors
}

function assertMember(header: NamedHeader, index: number, count: number): void {
  const split = splitOf(header)
  if (split?.index === index && split.count === count) return
  const found = split === undefined ? 'is not split' : `says it is ${split.index + 1} of ${split.count}`
  throw mismatch(header.fileName, `${found}, but is read as ${index + 1} of ${count}`)
}
