import { expect, it } from 'vitest'

import { lineOfPath } from './path-line.ts'

const lines = [
  'lab | SUCCESS => {',
  ' "a": [',
  '  {"x": 1}, {',
  '   "y": {"deep": {"er": {"still": {"more":',
  ' "n"}}}}}',
  ' ],',
  ' "a\\"b": 2, "4": [3,',
  ' 5]}',
]

it.each([
  ['the value itself', [], 0],
  ['an entry', ['a', 1], 2],
  ['a field', ['a', 1, 'y'], 3],
  ['a field below what is indexed', ['a', 1, 'y', 'deep', 'er', 'still', 'more'], 4],
  ['a key with a quotation mark', ['a"b'], 6],
  ['a number under a key that is one', ['4', 1], 7],
  ['a field that is not there: where its record begins', ['a', 0, 'y'], 2],
  ['an entry that is not there: where its list begins', ['a', 7], 1],
] as const)('finds %s', (_, path, line) => {
  expect(lineOfPath(lines, path)).toBe(line)
})

it('says where the list begins when there are too many records to remember', () => {
  const many = ['{"a": [', ...Array.from({ length: 250_000 }, () => '{},'), '{"x": 1}]}']
  expect(lineOfPath(many, ['a', 100_000])).toBe(100_001)
  expect(lineOfPath(many, ['a', 250_000])).toBe(0)
})
