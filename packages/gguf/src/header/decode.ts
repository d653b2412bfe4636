import type { GgufHeader, HeaderScalar, HeaderValue } from '@berth/core'
import { gguf, type MetadataValue } from '@huggingface/gguf'
import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import { TRIMMED_PREFIX } from '../limits.ts'
import { trimmedLengths } from './trim.ts'
import { integerOf, type KeyValue } from './walk-key-value.ts'
import type { WalkedHeader } from './walk.ts'
import { createWriter, writePreamble } from './write.ts'

/**
 * `@huggingface/gguf` fetches 2 MB at a time and loses the end of a string that crosses two fetches; below 1.5 MB it
 * never fetches twice. The longest entry kept is 1 MiB.
 */
const BATCH_BYTES = 1_400_000

/**
 * The metadata of a walked header as typed values, decoded by `@huggingface/gguf`; entries too long to keep are left
 * out and counted. Whole numbers beyond 2^53 are refused, floats that JSON has no word for become 'NaN', 'Infinity'
 * or '-Infinity'.
 *
 * @throws GgufError `number-too-large`, `undecodable`
 */
export const decodeHeader = async (bytes: Uint8Array, walked: WalkedHeader): Promise<GgufHeader> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const notes = walked.keyValues.filter(({ key }) => key.startsWith(TRIMMED_PREFIX))
  const noted = new Map(notes.map((note) => [note.key.slice(TRIMMED_PREFIX.length), Number(integerOf(view, note))]))
  const kept = walked.keyValues.filter(
    ({ key, dropped }) => !dropped && !key.startsWith(TRIMMED_PREFIX) && !noted.has(key),
  )
  const metadata: [string, HeaderValue][] = []
  for (const batch of batches(kept)) {
    const values = await decodeBatch(bytes, batch)
    for (const { key } of batch) metadata.push([key, plainValue(key, values.get(key))])
  }
  return {
    metadata: Object.fromEntries(metadata),
    trimmedArrayLengths: trimmedLengths(walked.keyValues, noted),
    tensors: walked.tensors.map(({ name, shape, type }) => ({ name, shape, type })),
  }
}

function* batches(entries: readonly KeyValue[]): Generator<readonly KeyValue[]> {
  let batch: KeyValue[] = []
  let size = 0
  for (const entry of entries) {
    const entryBytes = entry.end - entry.start
    if (size + entryBytes > BATCH_BYTES && batch.length > 0) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(entry)
    size += entryBytes
  }
  if (batch.length > 0) yield batch
}

/** The library reads from addresses only, so the batch is served as a file of its own. */
async function decodeBatch(bytes: Uint8Array, batch: readonly KeyValue[]): Promise<ReadonlyMap<string, MetadataValue>> {
  const writer = createWriter()
  writePreamble(writer, { version: 3, tensors: 0, keyValues: batch.length })
  for (const { start, end } of batch) writer.raw(bytes.subarray(start, end))
  const body = writer.finish() as Uint8Array<ArrayBuffer>
  try {
    const serve = (): Promise<Response> => Promise.resolve(new Response(body))
    const { metadata } = await gguf('https://header.invalid/', { fetch: serve })
    return new Map<string, MetadataValue>(Object.entries(metadata))
  } catch (error) {
    throw new GgufError({ code: 'undecodable', reason: shown(String(error)) }, { cause: error })
  }
}

const plainValue = (key: string, value: MetadataValue | undefined): HeaderValue => {
  if (value === undefined) throw new GgufError({ code: 'undecodable', reason: `no value for "${shown(key)}"` })
  return Array.isArray(value) ? value.map((element) => plainScalar(key, element)) : plainScalar(key, value)
}

const plainScalar = (key: string, value: MetadataValue): HeaderScalar => {
  if (typeof value === 'bigint') {
    if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
      throw new GgufError({ code: 'number-too-large', field: `"${shown(key)}"`, value: String(value) })
    }
    return Number(value)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return String(value)
    // JSON writes -0 as 0.
    return value === 0 ? 0 : value
  }
  if (typeof value === 'object') {
    throw new GgufError({ code: 'undecodable', reason: `an array inside "${shown(key)}"` })
  }
  return value
}
