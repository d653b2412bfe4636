import { expect, it } from 'vitest'
import { readMargin } from './read-margin.ts'

it.each([
  ['', { ok: true, mib: null }],
  [' 2048 ', { ok: true, mib: 2048 }],
  ['0', { ok: true, mib: 0 }],
  ['65536', { ok: true, mib: 65_536 }],
  ['65537', { ok: false, message: 'A whole number from 0 to 65536.' }],
  ['-1', { ok: false, message: 'A whole number from 0 to 65536.' }],
  ['1e3', { ok: false, message: 'A whole number from 0 to 65536.' }],
])('%j is read as %j', (text, expected) => expect(readMargin(text)).toEqual(expected))
