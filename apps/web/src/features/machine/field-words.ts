import { bytes, formatBytes } from '@berth/core'

/** Fields of a machine that hold a size in bytes. */
const SIZE = /(?:memory\w*|\.bytes)$/i

/** "GPU 0 memoryUsed" as people say it: "GPU 0 memory used". */
export const fieldWords = (path: string): string =>
  path
    .replaceAll(/\.bytes$/g, '')
    .replaceAll(/([a-z])([A-Z])(?=[a-z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replaceAll('.', ' ')

/** A field's value as the API writes it, with sizes in MiB and GiB. */
export const fieldValue = (path: string, value: string): string =>
  SIZE.test(path) && /^\d+$/.test(value) ? formatBytes(bytes(Number(value))) : value
