import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import {
  DEFAULT_ALIGNMENT,
  MAX_ALIGNMENT,
  MAX_ARRAY_ELEMENTS,
  MAX_KEPT_ARRAY_BYTES,
  MAX_KEPT_ARRAY_ELEMENTS,
  MAX_KEPT_STRING_BYTES,
  MAX_KEY_BYTES,
  MAX_SAFE_SIZE,
  MAX_STRING_BYTES,
  MIN_ALIGNMENT,
  TRIMMED_PREFIX,
} from '../limits.ts'
import {
  assertInTime,
  assertWithin,
  need,
  readBounded,
  readName,
  readU32,
  skip,
  type Cursor,
  type Walk,
} from './cursor.ts'
import { VALUE_TYPES, valueTypeById, type ValueType } from './value-type.ts'

/** One entry of the metadata and where it lies, counted from the start of the file. */
export interface KeyValue {
  readonly key: string
  readonly type: ValueType
  /** Of an array's elements; the type itself for a scalar. */
  readonly elementType: ValueType
  /** Elements of an array, bytes of a string, 1 for another scalar. */
  readonly length: number
  /** Of the length-prefixed key. */
  readonly start: number
  /** After the type number; for an array, of its element type. */
  readonly valueStart: number
  readonly end: number
  /** Too long for the trimmed header. */
  readonly dropped: boolean
}

/** Strings hopped over between two looks at the clock. */
const CLOCK_INTERVAL = 65_536

export function* walkKeyValue(cursor: Cursor, index: number): Walk<KeyValue> {
  const start = cursor.position
  const key = yield* readKey(cursor, index)
  const type = yield* readType(cursor, key)
  const valueStart = cursor.position
  if (type === 'array') return yield* walkArray(cursor, { key, type, start, valueStart })
  const { size } = VALUE_TYPES[type]
  if (size === undefined) {
    const length = yield* readBounded(cursor, MAX_STRING_BYTES, `length of "${shown(key)}"`)
    yield* skip(cursor, length, `"${shown(key)}"`)
    const dropped = length > MAX_KEPT_STRING_BYTES
    return { key, type, elementType: type, length, start, valueStart, end: cursor.position, dropped }
  }
  yield* skip(cursor, size, `"${shown(key)}"`)
  return { key, type, elementType: type, length: 1, start, valueStart, end: cursor.position, dropped: false }
}

function* readKey(cursor: Cursor, index: number): Walk<string> {
  const limit = cursor.trimmed ? TRIMMED_PREFIX.length + MAX_KEY_BYTES : MAX_KEY_BYTES
  const { text, problem } = yield* readName(cursor, limit, `key ${index}`)
  if (problem !== undefined) throw new GgufError({ code: 'bad-key', key: shown(text), problem })
  if (text === '__proto__') throw new GgufError({ code: 'bad-key', key: shown(text), problem: 'is reserved' })
  return text
}

function* readType(cursor: Cursor, key: string): Walk<ValueType> {
  const id = yield* readU32(cursor, `type of "${shown(key)}"`)
  const type = valueTypeById(id)
  if (type === undefined) throw new GgufError({ code: 'unknown-value-type', key: shown(key), type: id })
  return type
}

function* walkArray(cursor: Cursor, entry: Pick<KeyValue, 'key' | 'type' | 'start' | 'valueStart'>): Walk<KeyValue> {
  const subject = shown(entry.key)
  const field = `"${subject}"`
  const elementType = yield* readType(cursor, entry.key)
  if (elementType === 'array') throw new GgufError({ code: 'nested-array', key: subject })
  const length = yield* readBounded(cursor, MAX_ARRAY_ELEMENTS, `element count of ${field}`)
  const elementsStart = cursor.position
  const { size } = VALUE_TYPES[elementType]
  if (size === undefined) yield* skipStrings(cursor, length, field)
  else yield* skip(cursor, length * size, field)
  const end = cursor.position
  const dropped = length > MAX_KEPT_ARRAY_ELEMENTS || end - elementsStart > MAX_KEPT_ARRAY_BYTES
  return { ...entry, elementType, length, end, dropped }
}

/** Hops from length to length. The position lives in a local: half a million strings pass through here. */
function* skipStrings(cursor: Cursor, count: number, field: string): Walk<void> {
  assertWithin(cursor, cursor.position + 8 * count, field)
  let { position, view } = cursor
  for (let index = 0; index < count; index++) {
    if (position + 8 > view.byteLength) {
      cursor.position = position
      yield* need(cursor, 8, field)
      view = cursor.view
    }
    if (index % CLOCK_INTERVAL === 0) assertInTime(cursor)
    const low = view.getUint32(position, true)
    if (low > MAX_STRING_BYTES || view.getUint32(position + 4, true) !== 0) {
      const found = String(view.getBigUint64(position, true))
      throw new GgufError({
        code: 'limit-exceeded',
        field: `length of string ${index} of ${field}`,
        limit: MAX_STRING_BYTES,
        found,
      })
    }
    position += 8 + low
  }
  cursor.position = position
  yield* need(cursor, 0, field)
}

/** An entry's value where it is a whole number, exact; undefined for other types. */
export const integerOf = (view: DataView, { type, valueStart }: KeyValue): bigint | undefined => {
  switch (type) {
    case 'u8':
      return BigInt(view.getUint8(valueStart))
    case 'i8':
      return BigInt(view.getInt8(valueStart))
    case 'u16':
      return BigInt(view.getUint16(valueStart, true))
    case 'i16':
      return BigInt(view.getInt16(valueStart, true))
    case 'u32':
      return BigInt(view.getUint32(valueStart, true))
    case 'i32':
      return BigInt(view.getInt32(valueStart, true))
    case 'u64':
      return view.getBigUint64(valueStart, true)
    case 'i64':
      return view.getBigInt64(valueStart, true)
    case 'f32':
    case 'f64':
    case 'bool':
    case 'string':
    case 'array':
      return undefined
  }
}

/** `general.alignment`, which gguf.cpp wants as a u32 and a power of two. */
export const alignmentOf = (view: DataView, keyValues: readonly KeyValue[]): number => {
  const entry = keyValues.find(({ key }) => key === 'general.alignment')
  if (entry === undefined) return DEFAULT_ALIGNMENT
  const value = entry.type === 'u32' ? Number(integerOf(view, entry)) : undefined
  if (value === undefined) {
    throw new GgufError({ code: 'bad-alignment', value: `of type ${entry.type}`, problem: 'it must be a u32' })
  }
  if (value < MIN_ALIGNMENT || value > MAX_ALIGNMENT || !Number.isInteger(Math.log2(value))) {
    const problem = `it must be a power of two from ${MIN_ALIGNMENT} to ${MAX_ALIGNMENT}`
    throw new GgufError({ code: 'bad-alignment', value: String(value), problem })
  }
  return value
}

/** A trimmed header's own entries must speak of something that was emptied. */
export const checkTrimmedEntries = (view: DataView, keyValues: readonly KeyValue[]): void => {
  const byKey = new Map(keyValues.map((entry) => [entry.key, entry]))
  for (const entry of keyValues) {
    if (!entry.key.startsWith(TRIMMED_PREFIX)) continue
    const subject = byKey.get(entry.key.slice(TRIMMED_PREFIX.length))
    const emptied = (subject?.type === 'array' || subject?.type === 'string') && subject.length === 0
    const length = entry.type === 'u64' ? integerOf(view, entry)! : 0n
    const problem = emptied
      ? length > 0n && length <= BigInt(MAX_SAFE_SIZE)
        ? undefined
        : 'does not hold a length'
      : 'does not name an emptied array'
    if (problem !== undefined) throw new GgufError({ code: 'bad-trimmed-entry', key: shown(entry.key), problem })
  }
}
