import { expect, it } from 'vitest'
import { driftedCount, driftedSentence } from './drift-words.ts'

const none = { breaks: 0, 'may-break': 0, info: 0 }

it.each([
  [{}, {}, undefined, 0],
  [{ info: 4 }, {}, undefined, 0],
  [{ breaks: 1 }, {}, '1 saved plan cannot start as it was made', 1],
  [{ breaks: 2, 'may-break': 1 }, {}, '2 saved plans cannot start as they were made, 1 may not', 3],
  [{ 'may-break': 1 }, {}, '1 saved plan may not start as it was made', 1],
  [{ breaks: 2 }, { breaks: 1 }, '1 reservation and 2 saved plans cannot start as they were made', 3],
  [{ 'may-break': 3 }, { breaks: 1 }, '1 reservation cannot start as it was made, 3 may not', 4],
  [{}, { 'may-break': 2 }, '2 reservations may not start as they were made', 2],
])('plans %j, reservations %j: %s', (plan, reservation, sentence, inAll) => {
  const counts = { plan: { ...none, ...plan }, reservation: { ...none, ...reservation } }
  expect(driftedSentence(counts)).toBe(sentence)
  expect(driftedCount(counts)).toBe(inAll)
})
