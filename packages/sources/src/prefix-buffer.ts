/** A growing run of bytes. What `bytes` returned stays as it was: growing copies, and appending writes behind it. */
export interface PrefixBuffer {
  readonly append: (chunk: Uint8Array) => void
  readonly length: () => number
  readonly bytes: () => Uint8Array
}

const FIRST_CAPACITY = 64 * 1024

export const createPrefixBuffer = (): PrefixBuffer => {
  let storage = new Uint8Array(FIRST_CAPACITY)
  let length = 0
  return {
    append: (chunk) => {
      const end = length + chunk.length
      if (end > storage.length) {
        const grown = new Uint8Array(Math.max(end, 2 * storage.length))
        grown.set(storage.subarray(0, length))
        storage = grown
      }
      storage.set(chunk, length)
      length = end
    },
    length: () => length,
    bytes: () => storage.subarray(0, length),
  }
}
