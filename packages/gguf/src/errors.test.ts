import { describe, expect, it } from 'vitest'
import { GgufError, isGgufError } from './errors.ts'

describe('GgufError', () => {
  const error = new GgufError({ code: 'partial-block', tensor: 'blk.0.ffn_up.weight', row: 100, blockElements: 32 })

  it('says in words and in fields what is wrong', () => {
    expect(error.message).toBe(
      'Tensor "blk.0.ffn_up.weight" has rows of 100 elements, not a multiple of its block of 32.',
    )
    expect(error.code).toBe('partial-block')
    expect(error.fields).toEqual({ tensor: 'blk.0.ffn_up.weight', row: 100, blockElements: 32 })
  })

  it('is told from other errors', () => {
    expect(isGgufError(error)).toBe(true)
    expect(isGgufError(new Error('not-gguf'))).toBe(false)
    expect(isGgufError({ code: 'not-gguf' })).toBe(false)
  })
})
