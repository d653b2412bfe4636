import { describe, expect, it } from 'vitest'
import { allocate, newArena, release } from './arena.ts'

describe('best-fit arena', () => {
  it('takes the smallest free block that fits, the later one on a tie', () => {
    const arena = newArena(128)
    const [a, , c, , e] = [256, 128, 256, 128, 512, 128].map((size) => allocate(arena, size))
    for (const [offset, size] of [
      [a, 256],
      [c, 256],
      [e, 512],
    ] as const)
      release(arena, offset!, size)
    expect(allocate(arena, 200)).toBe(c)
    expect(allocate(arena, 200)).toBe(a)
    expect(arena.highWaterMark).toBe(1408)
  })

  it('merges with both neighbours', () => {
    const arena = newArena(32)
    const [a, b, c] = [64, 64, 64].map((size) => allocate(arena, size))
    allocate(arena, 64)
    release(arena, a!, 64)
    release(arena, c!, 64)
    release(arena, b!, 64)
    expect([arena.offsets[0], arena.sizes[0]]).toEqual([0, 192])
    expect(allocate(arena, 192)).toBe(0)
  })

  it('grows only through its last block', () => {
    const arena = newArena(128)
    const a = allocate(arena, 128)
    allocate(arena, 128)
    release(arena, a, 128)
    expect(allocate(arena, 129)).toBe(256)
    expect(arena.highWaterMark).toBe(512)
  })

  // A tensor without bytes takes an address inside a free block; freeing it leaves an empty block behind the containing one.
  it("keeps ggml's order when a tensor of no bytes is freed inside a block", () => {
    const arena = newArena(128)
    const a = allocate(arena, 128)
    const nothing = allocate(arena, 0)
    release(arena, a, 128)
    release(arena, nothing, 0)
    expect(arena.offsets).toEqual([0, 128])
    expect(arena.sizes[1]).toBe(0)
  })
})
