import { describe, expect, it } from 'vitest'
import { shown, shownUrl } from './shown.ts'

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
