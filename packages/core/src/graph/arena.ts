import { padTo } from '../units.ts'

/** One backend's simulated memory: free blocks in order of address, the last one unbounded. */
export interface Arena {
  readonly alignment: number
  /** Addresses and sizes of free blocks, in step. */
  readonly offsets: number[]
  readonly sizes: number[]
  highWaterMark: number
}

const UNBOUNDED = 2 ** 52

export const newArena = (alignment: number): Arena => ({
  alignment,
  offsets: [0],
  sizes: [UNBOUNDED],
  highWaterMark: 0,
})

/** `ggml_dyn_tallocr_alloc`: best fit over all free blocks but the last (on a tie the later one), else the last. */
export function allocate(arena: Arena, byteCount: number): number {
  const size = padTo(byteCount, arena.alignment)
  const { offsets, sizes } = arena
  const last = sizes.length - 1
  let best = last
  let bestSize = Infinity
  for (let index = 0; index < last; index++) {
    const candidate = sizes[index]!
    if (candidate >= size && candidate <= bestSize) {
      best = index
      bestSize = candidate
    }
  }
  const offset = offsets[best]!
  offsets[best] = offset + size
  sizes[best]! -= size
  if (sizes[best] === 0) remove(arena, best)
  if (offset + size > arena.highWaterMark) arena.highWaterMark = offset + size
  return offset
}

/** `ggml_dyn_tallocr_free_bytes`: merges with the free neighbour before, after, or both. */
export function release(arena: Arena, offset: number, byteCount: number): void {
  const size = padTo(byteCount, arena.alignment)
  const { offsets, sizes } = arena
  let index = 0
  while (index < offsets.length && offsets[index]! + sizes[index]! < offset) index++
  if (offsets[index]! + sizes[index]! === offset) {
    sizes[index]! += size
    if (index + 1 < offsets.length && offset + size === offsets[index + 1]) {
      sizes[index]! += sizes[index + 1]!
      remove(arena, index + 1)
    }
  } else if (offset + size === offsets[index]) {
    offsets[index] = offset
    sizes[index]! += size
  } else {
    offsets.splice(index, 0, offset)
    sizes.splice(index, 0, size)
  }
}

function remove(arena: Arena, index: number): void {
  arena.offsets.splice(index, 1)
  arena.sizes.splice(index, 1)
}
