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

/**
 * `ggml_dyn_tallocr_free_bytes`: merges with the free neighbour before, after, or both. A tensor of no bytes may lie
 * inside a block that was freed around it; it then becomes an empty block of its own, as in ggml.
 */
export function release(arena: Arena, offset: number, byteCount: number): void {
  const size = padTo(byteCount, arena.alignment)
  const { offsets, sizes } = arena
  for (let index = 0; index < offsets.length; index++) {
    const start = offsets[index]!
    const end = endOf(arena, index)
    if (end === offset) {
      sizes[index]! += size
      if (end + size === offsets[index + 1]) mergeWithNext(arena, index)
      return
    }
    if (offset + size === start) {
      offsets[index] = offset
      sizes[index]! += size
      if (index > 0 && endOf(arena, index - 1) === offset) mergeWithNext(arena, index - 1)
      return
    }
  }
  const following = offsets.findIndex((start) => start >= offset)
  const position = following === -1 ? offsets.length : following
  offsets.splice(position, 0, offset)
  sizes.splice(position, 0, size)
}

const endOf = ({ offsets, sizes }: Arena, index: number): number => offsets[index]! + sizes[index]!

function mergeWithNext(arena: Arena, index: number): void {
  arena.sizes[index]! += arena.sizes[index + 1]!
  remove(arena, index + 1)
}

function remove(arena: Arena, index: number): void {
  arena.offsets.splice(index, 1)
  arena.sizes.splice(index, 1)
}
