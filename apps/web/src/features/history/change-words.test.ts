import { describe, expect, it } from 'vitest'
import { sourceWords } from './change-words.ts'

describe('sourceWords', () => {
  it.each([
    ['page', 'on the page'],
    ['api', 'by the API'],
    ['token lab-07', 'by token lab-07'],
  ])('%s: %s', (source, words) => expect(sourceWords(source)).toBe(words))
})
