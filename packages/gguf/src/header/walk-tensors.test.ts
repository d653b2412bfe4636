import { describe, expect, it } from 'vitest'
import { issueFrom } from '../testing/issue-from.ts'
import { rawTensors } from '../testing/raw.ts'
import * as limits from '../limits.ts'
import { walkBytes } from './read-header.ts'

const issueOf = (bytes: Uint8Array): unknown =>
  issueFrom(() => {
    walkBytes(bytes)
    return 'accepted'
  })

describe('tensors', () => {
  const longest = 'n'.repeat(limits.MAX_TENSOR_NAME_BYTES)
  const two53 = 2n ** 53n

  it.each([
    ['an empty name', rawTensors({ name: '' }), { code: 'bad-tensor-name', problem: 'is empty' }],
    ['a line break in a name', rawTensors({ name: 'a\nb' }), { code: 'bad-tensor-name' }],
    ['a name of 64 bytes', rawTensors({ name: `${longest}n` }), { code: 'limit-exceeded', limit: 63 }],
    ['a name given twice', rawTensors({ name: 'a' }, { name: 'a', offset: 128 }), { code: 'duplicate-tensor' }],
    ['no dimension', rawTensors({ dims: [] }), { code: 'bad-dimensions', problem: 'has 0 dimensions, not 1 to 4' }],
    ['five dimensions', rawTensors({ dims: [1, 1, 1, 1, 1] }), { code: 'bad-dimensions' }],
    ['2^32 - 1 dimensions', rawTensors({ dimCount: 2 ** 32 - 1 }), { code: 'bad-dimensions' }],
    ['a dimension of 0', rawTensors({ dims: [32, 0] }), { code: 'bad-dimensions' }],
    ['a dimension of 2^63', rawTensors({ dims: [2n ** 63n] }), { code: 'bad-dimensions' }],
    ['2^53 elements', rawTensors({ dims: [two53], type: 24 }), { code: 'bad-dimensions' }],
    [
      'dimensions whose product is 2^53',
      rawTensors({ dims: [2 ** 26, 2 ** 27], type: 24 }),
      { code: 'tensor-too-large' },
    ],
    [
      'dimensions whose product wraps to 0',
      rawTensors({ dims: [2 ** 32, 2 ** 32], type: 24 }),
      { code: 'tensor-too-large' },
    ],
    [
      '2^54 elements of a seventh of a byte',
      rawTensors({ dims: [2 ** 30, 2 ** 24], type: 41 }),
      { code: 'tensor-too-large' },
    ],
    ['2^52 elements of 4 bytes', rawTensors({ dims: [2 ** 52], type: 0 }), { code: 'tensor-too-large' }],
    [
      'tensors that together pass 2^53 bytes',
      rawTensors({ name: 'a', dims: [2 ** 52], type: 24 }, { name: 'b', dims: [2 ** 52], type: 24, offset: 2 ** 52 }),
      { code: 'tensor-too-large', tensor: 'b' },
    ],
    ['a type that was removed', rawTensors({ type: 4 }), { code: 'unknown-tensor-type', type: 4 }],
    ['a type yet to come', rawTensors({ type: 1000 }), { code: 'unknown-tensor-type', type: 1000 }],
    ['part of a block', rawTensors({ dims: [33], type: 2 }), { code: 'partial-block', row: 33, blockElements: 32 }],
    [
      'part of a block in a row, whole in the sum',
      rawTensors({ dims: [16, 2], type: 2 }),
      { code: 'partial-block', row: 16 },
    ],
    ['an offset that is not aligned', rawTensors({ offset: 8 }), { code: 'bad-tensor-offset', problem: 'unaligned' }],
    ['a gap', rawTensors({ offset: 32 }), { code: 'bad-tensor-offset', problem: 'gap', expected: 0 }],
    ['an offset of 2^64 - 32', rawTensors({ offset: 2n ** 64n - 32n }), { code: 'bad-tensor-offset', problem: 'gap' }],
    [
      'an overlap',
      rawTensors({ name: 'a', dims: [64] }, { name: 'b', offset: 32 }),
      { code: 'bad-tensor-offset', tensor: 'b', problem: 'overlap', expected: 256 },
    ],
    [
      'an order other than that of the data',
      rawTensors({ name: 'a', offset: 128 }, { name: 'b', offset: 0 }),
      { code: 'bad-tensor-offset', tensor: 'a' },
    ],
  ])('are refused with %s', (_, bytes, issue) => {
    expect(issueOf(bytes)).toMatchObject(issue)
  })

  it.each([
    ['the longest name', rawTensors({ name: longest })],
    ['four dimensions', rawTensors({ dims: [32, 1, 2, 3] })],
    ['the largest size there is', rawTensors({ dims: [2 ** 26, 2 ** 27 - 1], type: 24 })],
  ])('are accepted with %s', (_, bytes) => {
    expect(issueOf(bytes)).toBe('accepted')
  })
})
