import { expect, it } from 'vitest'
import { rangeOf, ticked } from './selection.ts'

const ids = ['a', 'b', 'c', 'd']

it.each([
  ['b', 'd', ['b', 'c', 'd']],
  ['d', 'b', ['b', 'c', 'd']],
  ['c', 'c', ['c']],
  [undefined, 'c', ['c']],
  // One that was ticked before the list was narrowed stands nowhere in it.
  ['gone', 'c', ['c']],
])('from %s to %s are %j', (from, to, expected) => expect(rangeOf(ids, from, to)).toEqual(expected))

it('ticks and unticks, and leaves the rest', () => {
  const some = new Set(['a', 'x'])
  expect(ticked(some, ['a', 'b'], true)).toEqual(new Set(['a', 'x', 'b']))
  expect(ticked(some, ['a', 'b'], false)).toEqual(new Set(['x']))
  expect(some).toEqual(new Set(['a', 'x']))
})
