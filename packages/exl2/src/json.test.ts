import { describe, expect, it } from 'vitest'
import { assertPlainKeys, parseJsonObject } from './json.ts'
import { issueFrom } from './testing/issue-from.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (text: string): unknown => issueFrom(() => parseJsonObject(encode(text), 'config.json'))
const deep = (depth: number): string => `${'{"a":['.repeat(depth / 2)}${']}'.repeat(depth / 2)}`

describe('JSON that is not trusted', () => {
  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['brackets in a string', `{"a":"${'['.repeat(100)}"}`, { a: '['.repeat(100) }],
    ['a quoted quote before brackets', `{"a":"\\"${'['.repeat(100)}"}`, { a: `"${'['.repeat(100)}` }],
    ['64 levels', deep(64), expect.any(Object) as object],
    ['a key that objects have', '{"constructor":{"prototype":1}}', { constructor: { prototype: 1 } }],
  ])('is read: %s', (_, text, value) => {
    expect(parse(text)).toEqual(value)
  })

  it.each([
    ['nothing', '', { code: 'not-json', file: 'config.json', problem: 'Unexpected end of JSON input' }],
    ['half an object', '{"a":', { code: 'not-json', file: 'config.json', problem: 'Unexpected end of JSON input' }],
    ['a page', '<html>', { code: 'not-json', file: 'config.json', problem: expect.stringContaining('<') as string }],
    ['a list', '[{}]', { code: 'not-an-object', field: 'config.json' }],
    ['null', 'null', { code: 'not-an-object', field: 'config.json' }],
    ['text', '"{}"', { code: 'not-an-object', field: 'config.json' }],
    ['66 levels', deep(66), { code: 'limit-exceeded', field: 'nesting in config.json', limit: 64, found: 65 }],
    [
      'a bomb of brackets',
      '['.repeat(5_000_000),
      { code: 'limit-exceeded', field: 'nesting in config.json', limit: 64, found: 65 },
    ],
    [
      'a bomb of commas',
      `[${'0,'.repeat(3_000_001)}0]`,
      { code: 'limit-exceeded', field: 'values in config.json', limit: 3_000_000, found: 3_000_001 },
    ],
    [
      'a bomb of objects',
      `[${'[],'.repeat(2_000_000)}0]`,
      { code: 'limit-exceeded', field: 'values in config.json', limit: 3_000_000, found: 3_000_001 },
    ],
  ])('is refused: %s', (_, text, issue) => {
    expect(parse(text)).toEqual(issue)
  })

  it('is refused if it is not UTF-8', () => {
    const bytes = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)
    expect(issueFrom(() => parseJsonObject(bytes, 'config.json'))).toEqual({
      code: 'not-json',
      file: 'config.json',
      problem: 'it is not UTF-8',
    })
  })

  it.each(['{"a":{"__proto__":{"polluted":1}}}', '{"a":[{"\\u005f_proto__":1}]}'])(
    'is refused if it has the key that changes objects: %s',
    (text) => {
      const json = parseJsonObject(encode(text), 'config.json')
      expect(issueFrom(() => assertPlainKeys(json, 'config.json'))).toEqual({
        code: 'bad-key',
        file: 'config.json',
        key: '__proto__',
      })
      expect('polluted' in {}).toBe(false)
    },
  )
})
