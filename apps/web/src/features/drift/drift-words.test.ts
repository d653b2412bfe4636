import { expect, it } from 'vitest'
import { driftedSentence } from './drift-words.ts'

it.each([
  [0, 0, 4, undefined],
  [1, 0, 0, '1 saved plan cannot start as it was saved'],
  [2, 1, 0, '2 saved plans cannot start as they were saved, 1 may not'],
  [0, 1, 0, '1 saved plan may not start as it was saved'],
  [0, 3, 1, '3 saved plans may not start as they were saved'],
])('%i broken, %i that may break, %i changed: %s', (breaks, mayBreak, info, sentence) => {
  expect(driftedSentence({ breaks, 'may-break': mayBreak, info })).toBe(sentence)
})
