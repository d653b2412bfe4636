import { bytes, formatBitRate, formatBytes } from '@berth/core'
import { bandwidthOf } from '../catalogue/gpu-figures.ts'

/** Fields of a machine that hold a size in bytes. */
const SIZE = /(?:memory\w*|\.bytes)$/i

/** "GPU 0 memoryUsed" as people say it: "GPU 0 memory used". */
export const fieldWords = (path: string): string =>
  path
    .replaceAll(/\.(?:bytes|bitsPerSecond)$|BytesPerSecond$/g, '')
    .replaceAll(/([a-z])([A-Z])(?=[a-z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replaceAll('.', ' ')

/** A field's value as the API writes it, with sizes in MiB and GiB and speeds as they are said. */
export function fieldValue(path: string, value: string): string {
  if (!/^\d+(?:\.\d+)?$/.test(value)) return value
  if (path.endsWith('.bitsPerSecond')) return value === '0' ? 'no link' : formatBitRate(Number(value))
  if (path.endsWith(' bandwidthBytesPerSecond')) return bandwidthOf(Number(value))
  return SIZE.test(path) ? formatBytes(bytes(Number(value))) : value
}
