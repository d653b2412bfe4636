import type { TensorInfo } from '@berth/core'
import { GgufError } from '../errors.ts'
import { MAX_TRIMMED_BYTES, TRIMMED_PREFIX } from '../limits.ts'
import type { KeyValue } from './walk-key-value.ts'
import type { WalkedHeader } from './walk.ts'
import { createWriter, writePreamble, writeTensors } from './write.ts'

/** What of a header is to be kept. */
export interface Trim {
  /** The bytes that were walked, at least to the header's end. */
  readonly bytes: Uint8Array
  readonly walked: WalkedHeader
  /** All tensors, those of further shards included. */
  readonly tensors: readonly TensorInfo[]
  readonly omitKeys: ReadonlySet<string>
}

/**
 * The same header as a small GGUF file of its own: entries that are too long are emptied, their true lengths noted
 * as `berth.trimmed.<key>`, and nothing follows the tensor infos but their padding. Deterministic, and trimming a
 * trimmed header changes nothing.
 */
export const trimHeader = ({ bytes, walked, tensors, omitKeys }: Trim): Uint8Array => {
  const kept = walked.keyValues.filter(({ key }) => !omitKeys.has(key))
  const dropped = kept.filter((entry) => entry.dropped)
  const writer = createWriter()
  writePreamble(writer, {
    version: walked.version,
    tensors: tensors.length,
    keyValues: kept.length + dropped.length,
  })
  for (const entry of kept) {
    if (entry.dropped) {
      writer.raw(bytes.subarray(entry.start, entry.valueStart))
      if (entry.type === 'array') writer.type(entry.elementType)
      writer.u64(0)
    } else {
      writer.raw(bytes.subarray(entry.start, entry.end))
    }
  }
  for (const entry of dropped) {
    writer.string(TRIMMED_PREFIX + entry.key)
    writer.type('u64')
    writer.u64(entry.length)
  }
  writeTensors(writer, tensors, walked.alignment)
  const length = writer.length()
  if (length > MAX_TRIMMED_BYTES) {
    throw new GgufError({ code: 'header-too-large', field: 'what is kept', limit: MAX_TRIMMED_BYTES, needed: length })
  }
  return writer.finish()
}

/** Lengths of what was left out, from the entries themselves and from those of an earlier trimming. */
export const trimmedLengths = (
  keyValues: readonly KeyValue[],
  noted: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> =>
  Object.fromEntries([
    ...noted,
    ...keyValues.filter(({ dropped }) => dropped).map(({ key, length }) => [key, length] as const),
  ])
