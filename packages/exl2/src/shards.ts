import { shown } from '@berth/sources'
import { Exl2Error } from './errors.ts'
import { MAX_FILES } from './limits.ts'

/** `output-00001-of-00003.safetensors`, as both converters name the files of a model in several. */
const SHARD = /^(.*)-(\d{5})-of-(\d{5})\.safetensors$/

/**
 * Checks that of every model in several files all are there.
 *
 * @throws Exl2Error `missing-shard`, `limit-exceeded`
 */
export function assertComplete(files: readonly string[]): void {
  const present = new Set(files)
  for (const file of files) {
    const [, prefix, , total] = SHARD.exec(file) ?? []
    const count = Number(total ?? 0)
    if (count > MAX_FILES) {
      throw new Exl2Error({ code: 'limit-exceeded', field: `files of ${shown(file)}`, limit: MAX_FILES, found: count })
    }
    for (let number = 1; number <= count; number++) {
      const shard = `${prefix}-${String(number).padStart(5, '0')}-of-${total}.safetensors`
      if (!present.has(shard)) throw new Exl2Error({ code: 'missing-shard', shard: shown(shard), number, count })
    }
  }
}
