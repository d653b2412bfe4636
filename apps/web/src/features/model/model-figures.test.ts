import type { TensorInfo } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { bytesByBlock, parameters, spread, tensorsByType } from './model-figures.ts'

const tensors: readonly TensorInfo[] = [
  { name: 'token_embd.weight', shape: [256, 10], type: 'q4_K' },
  { name: 'blk.0.attn_q.weight', shape: [256, 256], type: 'q4_K' },
  { name: 'blk.0.attn_norm.weight', shape: [256], type: 'f32' },
  { name: 'blk.10.attn_norm.weight', shape: [256], type: 'f32' },
  { name: 'output.weight', shape: [256, 10], type: 'q6_K' },
]

describe('tensorsByType', () => {
  it('sums each type and puts the largest first', () => {
    expect(tensorsByType({ tensors }).map(({ type, tensors: count, bytes }) => [type, count, bytes])).toEqual([
      ['q4_K', 2, 266 * 144],
      ['q6_K', 1, 10 * 210],
      ['f32', 2, 2048],
    ])
  })

  it('shares add up to one', () => {
    expect(tensorsByType({ tensors }).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(tensorsByType({ tensors: [] })).toEqual([])
  })
})

describe('bytesByBlock', () => {
  it('puts every tensor in its block or beside them', () => {
    const { blocks, beside } = bytesByBlock({ tensors }, 11)
    expect(blocks).toEqual([256 * 144 + 1024, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1024])
    expect(beside.map(({ name }) => name)).toEqual(['token_embd.weight', 'output.weight'])
  })

  it('keeps a block beyond the count in sight', () => {
    expect(bytesByBlock({ tensors }, 1).beside.map(({ name }) => name)).toContain('blk.10.attn_norm.weight')
  })
})

describe('spread', () => {
  it.each([
    [[8, 8, 8], '8'],
    [[1, 8, 4], '1–8'],
    [[21_504], '21,504'],
    [[], '0'],
  ])('writes %j as %s', (values, expected) => expect(spread(values)).toBe(expected))
})

describe('parameters', () => {
  it.each([
    [70_553_706_496, '70.6 B'],
    [671_026_419_200, '671 B'],
    [494_032_768, '494 M'],
  ])('writes %i as %s', (count, expected) => expect(parameters(count)).toBe(expected))
})
