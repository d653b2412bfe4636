import type { HeadSource } from '@berth/sources'
import type { WalkOptions } from './cursor.ts'
import { PREAMBLE_BYTES, walkHeader, type WalkedHeader } from './walk.ts'

/** A header that was walked, and the bytes it was walked in. */
export interface RawHeader {
  readonly bytes: Uint8Array
  readonly walked: WalkedHeader
  readonly fileBytes: number | undefined
}

/** Drives the walk over a source until the header ends, and closes the source. */
export const readHeader = async (
  source: HeadSource,
  options: Pick<WalkOptions, 'maxHeaderBytes' | 'now'> = {},
): Promise<RawHeader> => {
  try {
    let prefix = await source.head(PREAMBLE_BYTES)
    const walk = walkHeader({ ...options, fileBytes: source.fileBytes() })
    let step = walk.next()
    while (step.done !== true) {
      if (prefix.bytes.length < step.value && !prefix.ended) prefix = await source.head(step.value)
      step = walk.next(prefix)
    }
    return { bytes: prefix.bytes, walked: step.value, fileBytes: source.fileBytes() }
  } finally {
    await source.close()
  }
}

/** Walks bytes that are all there. */
export const walkBytes = (bytes: Uint8Array, options: WalkOptions = {}): WalkedHeader => {
  const walk = walkHeader(options)
  let step = walk.next()
  while (step.done !== true) step = walk.next({ bytes, ended: true })
  return step.value
}
