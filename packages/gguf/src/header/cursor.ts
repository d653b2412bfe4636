import type { Prefix } from '@berth/sources'
import { GgufError } from '../errors.ts'
import { MAX_HEADER_BYTES, MAX_WALK_MS } from '../limits.ts'

/**
 * A walk in progress. It yields the number of leading bytes it needs and is resumed with a longer prefix, exactly
 * where it stopped: nothing is walked twice.
 */
export type Walk<Value> = Generator<number, Value, Prefix>

export interface WalkOptions {
  /** The whole file's size, where it is known. */
  readonly fileBytes?: number | undefined
  readonly maxHeaderBytes?: number | undefined
  /** The bytes are a header that this package trimmed: it may name what it left out, beyond the limits on keys. */
  readonly trimmed?: boolean | undefined
  /** Milliseconds of a steady clock; only its differences count. */
  readonly now?: (() => number) | undefined
}

/** The walk's one piece of mutable state. */
export interface Cursor {
  bytes: Uint8Array
  view: DataView
  position: number
  spentMs: number
  resumedAt: number
  readonly now: () => number
  readonly fileBytes: number | undefined
  readonly maxHeaderBytes: number
  readonly trimmed: boolean
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const createCursor = (options: WalkOptions): Cursor => {
  const now = options.now ?? (() => performance.now())
  const bytes = new Uint8Array()
  return {
    bytes,
    view: viewOf(bytes),
    position: 0,
    spentMs: 0,
    resumedAt: now(),
    now,
    fileBytes: options.fileBytes,
    maxHeaderBytes: options.maxHeaderBytes ?? MAX_HEADER_BYTES,
    trimmed: options.trimmed ?? false,
  }
}

/** Refuses what would lie beyond the file or the limit, before a byte of it is waited for. */
export const assertWithin = (cursor: Cursor, end: number, field: string): void => {
  const { fileBytes, maxHeaderBytes } = cursor
  if (fileBytes !== undefined && end > fileBytes) {
    throw new GgufError({ code: 'truncated-header', field, needed: end, available: fileBytes })
  }
  if (end > maxHeaderBytes) {
    throw new GgufError({ code: 'header-too-large', field, limit: maxHeaderBytes, needed: end })
  }
}

export const assertInTime = (cursor: Cursor): void => {
  if (cursor.spentMs + cursor.now() - cursor.resumedAt > MAX_WALK_MS) {
    throw new GgufError({ code: 'too-slow', limitMs: MAX_WALK_MS })
  }
}

/** Waits until `count` bytes from the cursor on have arrived. */
export function* need(cursor: Cursor, count: number, field: string): Walk<void> {
  const end = cursor.position + count
  assertWithin(cursor, end, field)
  while (cursor.bytes.length < end) {
    assertInTime(cursor)
    cursor.spentMs += cursor.now() - cursor.resumedAt
    const prefix = yield end
    cursor.resumedAt = cursor.now()
    if (prefix.ended && prefix.bytes.length < end) {
      throw new GgufError({ code: 'truncated-header', field, needed: end, available: prefix.bytes.length })
    }
    cursor.bytes = prefix.bytes
    cursor.view = viewOf(prefix.bytes)
  }
}

/** Passes over `count` bytes once they have arrived. */
export function* skip(cursor: Cursor, count: number, field: string): Walk<void> {
  yield* need(cursor, count, field)
  cursor.position += count
}

export function* readU32(cursor: Cursor, field: string): Walk<number> {
  yield* need(cursor, 4, field)
  const value = cursor.view.getUint32(cursor.position, true)
  cursor.position += 4
  return value
}

const TWO_32 = 2 ** 32

/** A u64 that must not exceed `limit`, itself at most 2^53; a count or a length. */
export function* readBounded(cursor: Cursor, limit: number, field: string): Walk<number> {
  yield* need(cursor, 8, field)
  const { view, position } = cursor
  const value = view.getUint32(position + 4, true) * TWO_32 + view.getUint32(position, true)
  if (value > limit) {
    throw new GgufError({ code: 'limit-exceeded', field, limit, found: String(view.getBigUint64(position, true)) })
  }
  cursor.position += 8
  return value
}

/** fatal: a name that is not UTF-8 could not be told apart from another once its bytes are replaced. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const CONTROL = /\p{Cc}/u

/** What is wrong with a key or a tensor's name; `text` is fit to show even so. */
export interface NameReading {
  readonly text: string
  readonly problem: string | undefined
}

/** A length-prefixed name of at most `limit` bytes, already length-checked. */
export function* readName(cursor: Cursor, limit: number, field: string): Walk<NameReading> {
  const length = yield* readBounded(cursor, limit, `length of ${field}`)
  yield* need(cursor, length, field)
  const bytes = cursor.bytes.subarray(cursor.position, cursor.position + length)
  cursor.position += length
  if (length === 0) return { text: '', problem: 'is empty' }
  try {
    const text = strictUtf8.decode(bytes)
    return { text, problem: CONTROL.test(text) ? 'holds a control character' : undefined }
  } catch {
    return { text: lenientUtf8.decode(bytes), problem: 'is not UTF-8' }
  }
}
