import { describe, expect, it } from 'vitest'
import { GgufError, isGgufError, shown, shownUrl } from './errors.ts'

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

describe('text from a file', () => {
  it.each([
    ['plain Größe 😀', 'plain Größe 😀'],
    ['a\0b\nc\u{1B}[31md\u{7F}', 'a�b�c�[31md�'],
    ['gpt\u{202E}fugg.exe\u{200B}', 'gpt�fugg.exe�'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(80)}…`],
    ['😀'.repeat(1000), `${'😀'.repeat(80)}…`],
  ])('%j is shown as %j', (text, safe) => {
    expect(shown(text)).toBe(safe)
  })

  it('in a URL is shown without what signs or logs in', () => {
    expect(shownUrl(new URL('https://user:pass@host:8443/a%20b?signature=x#y'))).toBe('https://host:8443/a%20b')
  })
})
