import type { SafetensorsTensor } from '@berth/core'
import { PARALLEL_FILES, shown } from '@berth/sources'
import { Exl2Error } from './errors.ts'
import type { Folder } from './folder.ts'
import { type FileHeader, readSafetensorsHeader } from './header/read-header.ts'
import { HEADER_STEPS, MAX_HEADERS_RATIO, MAX_TENSORS } from './limits.ts'

/**
 * The headers of all files, in their order, several at once.
 *
 * @throws Exl2Error those of each header, `header-too-large` for all of them together
 */
export async function readHeaders(
  folder: Folder,
  files: readonly string[],
  maxHeaderBytes: number,
): Promise<readonly FileHeader[]> {
  const headers: FileHeader[] = []
  const limit = MAX_HEADERS_RATIO * maxHeaderBytes
  let total = 0
  let next = 0
  const readOn = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const source = await folder.open(files[index]!, { steps: HEADER_STEPS, maxBytes: maxHeaderBytes })
      const header = await readSafetensorsHeader(source, { maxHeaderBytes })
      headers[index] = header
      total += header.headerBytes
      if (total > limit) {
        throw new Exl2Error({ code: 'header-too-large', file: 'all files together', limit, found: String(total) })
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_FILES }, readOn))
  return headers
}

/**
 * The tensors of all files. ExLlama keeps the last of two of one name, in whatever order the folder lists its files.
 *
 * @throws Exl2Error `duplicate-tensor`, `limit-exceeded`
 */
export function mergeTensors(headers: readonly FileHeader[]): readonly SafetensorsTensor[] {
  const fileOf = new Map<string, string>()
  for (const { fileName, tensors } of headers) {
    for (const { name } of tensors) {
      const other = fileOf.get(name)
      if (other !== undefined) {
        throw new Exl2Error({
          code: 'duplicate-tensor',
          tensor: shown(name),
          file: shown(fileName),
          other: shown(other),
        })
      }
      fileOf.set(name, fileName)
    }
  }
  if (fileOf.size > MAX_TENSORS) {
    throw new Exl2Error({
      code: 'limit-exceeded',
      field: 'tensors of all files',
      limit: MAX_TENSORS,
      found: fileOf.size,
    })
  }
  return headers.flatMap(({ tensors }) => tensors)
}
