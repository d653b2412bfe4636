import { padTo } from '@berth/core'
import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import { MAX_KEY_VALUES, MAX_TENSORS } from '../limits.ts'
import {
  assertInTime,
  assertWithin,
  createCursor,
  need,
  readBounded,
  readU32,
  skip,
  type Cursor,
  type Walk,
  type WalkOptions,
} from './cursor.ts'
import { alignmentOf, checkTrimmedEntries, walkKeyValue, type KeyValue } from './walk-key-value.ts'
import { createTensorLayout, walkTensor, type PlacedTensor } from './walk-tensor.ts'

/** Where everything in a header lies. All positions count from the start of the file. */
export interface WalkedHeader {
  readonly version: number
  readonly keyValues: readonly KeyValue[]
  readonly tensors: readonly PlacedTensor[]
  readonly alignment: number
  /** The byte after the last tensor info. */
  readonly headerEnd: number
  /** Where tensor data begins: `headerEnd`, aligned. */
  readonly dataStart: number
  /** The byte after the last tensor's data, without padding. */
  readonly dataEnd: number
  /** Size of the whole file, padding included. */
  readonly impliedFileBytes: number
}

const MAGIC = 0x46_55_47_47

/** Magic, version, tensor count, key/value count. */
export const PREAMBLE_BYTES = 24

/** The least a key/value takes: length, one byte of key, type, one byte of value. */
const MIN_KEY_VALUE_BYTES = 14

/** The least a tensor info takes: length, one byte of name, dimension count, one dimension, type, offset. */
const MIN_TENSOR_BYTES = 33

/** Entries between two looks at the clock. */
const CLOCK_INTERVAL = 1024

/**
 * Finds where each key/value and each tensor info of a GGUF v2 or v3 header begins and ends, checking every bound.
 * Mirrors `gguf_init_from_reader` (ggml/src/gguf.cpp), with the limits of limits.ts beside its own.
 *
 * @throws GgufError for anything that is not such a header
 */
export function* walkHeader(options: WalkOptions = {}): Walk<WalkedHeader> {
  const cursor = createCursor(options)
  const version = yield* walkVersion(cursor)
  const tensorCount = yield* readBounded(cursor, MAX_TENSORS, 'tensor count')
  const maxKeyValues = cursor.trimmed ? 2 * MAX_KEY_VALUES : MAX_KEY_VALUES
  const keyValueCount = yield* readBounded(cursor, maxKeyValues, 'key/value count')
  const leastEnd = cursor.position + keyValueCount * MIN_KEY_VALUE_BYTES + tensorCount * MIN_TENSOR_BYTES
  assertWithin(cursor, leastEnd, `${keyValueCount} key/values and ${tensorCount} tensors`)

  const keyValues = yield* walkKeyValues(cursor, keyValueCount)
  const alignment = alignmentOf(cursor.view, keyValues)
  const layout = createTensorLayout(alignment)
  for (let index = 0; index < tensorCount; index++) {
    if (index % CLOCK_INTERVAL === 0) assertInTime(cursor)
    yield* walkTensor(cursor, layout, index)
  }
  const headerEnd = cursor.position
  const dataStart = layout.tensors.length === 0 ? headerEnd : padTo(headerEnd, alignment)
  return {
    version,
    keyValues,
    tensors: layout.tensors,
    alignment,
    headerEnd,
    dataStart,
    dataEnd: dataStart + layout.dataEnd,
    impliedFileBytes: dataStart + layout.nextOffset,
  }
}

function* walkVersion(cursor: Cursor): Walk<number> {
  yield* need(cursor, 4, 'the magic number')
  if (cursor.view.getUint32(0, true) !== MAGIC) {
    const found = [...cursor.bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw new GgufError({ code: 'not-gguf', found })
  }
  yield* skip(cursor, 4, 'the magic number')
  const version = yield* readU32(cursor, 'the version')
  // A swapped small number has its low half empty: the same test as llama.cpp's.
  if (version !== 0 && (version & 0xffff) === 0) throw new GgufError({ code: 'big-endian' })
  if (version !== 2 && version !== 3) throw new GgufError({ code: 'unsupported-version', version })
  return version
}

function* walkKeyValues(cursor: Cursor, count: number): Walk<readonly KeyValue[]> {
  const keyValues: KeyValue[] = []
  const seen = new Set<string>()
  for (let index = 0; index < count; index++) {
    if (index % CLOCK_INTERVAL === 0) assertInTime(cursor)
    const keyValue = yield* walkKeyValue(cursor, index)
    if (seen.has(keyValue.key)) throw new GgufError({ code: 'duplicate-key', key: shown(keyValue.key) })
    seen.add(keyValue.key)
    keyValues.push(keyValue)
  }
  checkTrimmedEntries(cursor.view, keyValues)
  return keyValues
}
