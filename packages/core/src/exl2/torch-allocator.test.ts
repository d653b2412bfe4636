import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { bytes, KIB, MIB } from '../units.ts'
import { oneTensor, type TensorRun } from './tensor-run.ts'
import { allocateAll, emptyPool } from './torch-allocator.ts'

const tensors = (sizes: readonly number[]): readonly TensorRun[] => sizes.map((size) => oneTensor(bytes(size)))

describe('PyTorch’s allocator', () => {
  it.each([
    ['a byte from a segment of 2 MiB', [1], 2, [2 * MIB - 512], []],
    ['small requests from one segment', [512 * KIB, 512 * KIB, MIB], 2, [], []],
    ['a small request that no longer fits', [MIB, 512 * KIB, MIB], 4, [512 * KIB, MIB], []],
    ['a medium one from a segment of 20 MiB', [2 * MIB], 20, [], [18 * MIB]],
    ['medium ones from one segment', [8 * MIB, 2 * MIB, 2 * MIB, 8 * MIB], 20, [], []],
    ['the smallest stretch that is large enough', [18 * MIB - 1, 8 * MIB, 9 * MIB, 3 * MIB], 38, [], [] as number[]],
    ['a large one in whole steps of 2 MiB', [10 * MIB + 1], 12, [], [2 * MIB - 512]],
    ['what is left of a large one, up to 1 MiB, to no one', [11 * MIB], 12, [], []],
    ['a large one and a medium one apart', [28 * MIB, 2 * MIB], 48, [], [18 * MIB]],
  ])('takes %s', (_, sizes, reservedMib, small, large) => {
    expect(allocateAll(emptyPool, tensors(sizes))).toEqual({ reserved: reservedMib * MIB, small, large })
  })

  it('never changes the pool it is given', () => {
    const pool = allocateAll(emptyPool, tensors([2 * MIB]))
    allocateAll(pool, tensors([2 * MIB]))
    expect(pool).toEqual({ reserved: 20 * MIB, small: [], large: [18 * MIB] })
  })

  it('takes equal tensors together as it would one by one', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 3 * MIB }), fc.integer({ min: 1, max: 40 * MIB }))
    const run = fc.record({ bytes: size.map(bytes), count: fc.integer({ min: 0, max: 40 }) })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), (runs) => {
        const single = runs.flatMap(({ bytes: each, count }) => Array.from({ length: count }, () => oneTensor(each)))
        expect(allocateAll(emptyPool, runs)).toEqual(allocateAll(emptyPool, single))
      }),
    )
  })
})
