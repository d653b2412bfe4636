import type { JsonObject } from '@berth/core'
import { Exl2Error } from './errors.ts'
import type { Folder } from './folder.ts'
import { assertPlainKeys, parseJsonObject } from './json.ts'
import { MAX_JSON_BYTES } from './limits.ts'

/**
 * Reads a whole JSON file of a folder.
 *
 * @throws Exl2Error `limit-exceeded`, `not-json`, `not-an-object`, `bad-key`, those of the source
 */
export async function readJson(folder: Folder, name: string): Promise<JsonObject> {
  const source = await folder.open(name, { steps: [], maxBytes: MAX_JSON_BYTES })
  const tooLarge = (found: number): Exl2Error =>
    new Exl2Error({ code: 'limit-exceeded', field: `bytes of ${name}`, limit: MAX_JSON_BYTES, found })
  try {
    const start = await source.head(1)
    const size = source.fileBytes()
    if (size !== undefined && size > MAX_JSON_BYTES) throw tooLarge(size)
    const { bytes, ended } = start.ended ? start : await source.head(size ?? MAX_JSON_BYTES + 1)
    if (!ended) throw tooLarge(bytes.length)
    const json = parseJsonObject(bytes, name)
    assertPlainKeys(json, name)
    return json
  } finally {
    await source.close()
  }
}
