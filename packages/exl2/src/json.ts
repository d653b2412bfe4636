import type { JsonObject, JsonValue } from '@berth/core'
import { shown } from '@berth/sources'
import { Exl2Error } from './errors.ts'
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from './limits.ts'

/**
 * JSON that is an object, from bytes that are not trusted: how deep it nests and how many values it holds is counted
 * before anything is built of it.
 *
 * @param file its name, for messages
 * @throws Exl2Error `limit-exceeded`, `not-json`, `not-an-object`
 */
export function parseJsonObject(bytes: Uint8Array, file: string): JsonObject {
  assertModest(bytes, file)
  let value: JsonValue
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue
  } catch (error) {
    const problem = error instanceof SyntaxError ? shown(error.message) : 'it is not UTF-8'
    throw new Exl2Error({ code: 'not-json', file, problem }, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Exl2Error({ code: 'not-an-object', field: file })
  }
  return value as JsonObject
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENERS: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSERS: ReadonlySet<number> = new Set([0x5d, 0x7d])

/** Every value but the first stands behind a comma or an opening bracket. */
function assertModest(bytes: Uint8Array, file: string): void {
  let depth = 0
  let values = 1
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (inString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inString = false
      continue
    }
    if (byte === QUOTE) inString = true
    else if (byte === COMMA) values++
    else if (CLOSERS.has(byte)) depth--
    else if (OPENERS.has(byte)) {
      values++
      depth++
      if (depth > MAX_JSON_DEPTH) {
        throw new Exl2Error({
          code: 'limit-exceeded',
          field: `nesting in ${file}`,
          limit: MAX_JSON_DEPTH,
          found: depth,
        })
      }
    }
    if (values > MAX_JSON_VALUES) {
      throw new Exl2Error({ code: 'limit-exceeded', field: `values in ${file}`, limit: MAX_JSON_VALUES, found: values })
    }
  }
}

/**
 * Refuses the one key that would change an object when it is assigned to another. Nesting is bounded by then.
 *
 * @throws Exl2Error `bad-key`
 */
export function assertPlainKeys(value: JsonValue, file: string): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    if (key === '__proto__') throw new Exl2Error({ code: 'bad-key', file, key })
    assertPlainKeys(inner, file)
  }
}
