import { describe, expect, it } from 'vitest'
import { Exl2Error } from '../errors.ts'
import { issueFrom } from '../testing/issue-from.ts'
import { llamaTensors, safetensorsJson, SMALL } from '../testing/folder.ts'
import { parseSafetensorsHeader } from './safetensors.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (json: unknown): unknown =>
  issueFrom(() =>
    parseSafetensorsHeader(encode(typeof json === 'string' ? json : JSON.stringify(json)), 'a.safetensors'),
  )

/** A good tensor of 8 bytes with some of it changed. */
const one = (changes: object): object => ({ w: { dtype: 'F16', shape: [2, 2], data_offsets: [0, 8], ...changes } })
const at = (begin: number, end: number): object => ({ dtype: 'I8', shape: [end - begin], data_offsets: [begin, end] })

describe('a safetensors header', () => {
  it('lists its tensors in the order of their data, whatever the order of their names', () => {
    expect(parse({ __metadata__: { format: 'pt' }, b: at(8, 12), a: at(0, 8), c: at(12, 12) })).toEqual({
      tensors: [
        { name: 'a', dtype: 'I8', shape: [8], bytes: 8 },
        { name: 'b', dtype: 'I8', shape: [4], bytes: 4 },
        { name: 'c', dtype: 'I8', shape: [0], bytes: 0 },
      ],
      dataBytes: 12,
    })
  })

  it.each([
    ['no tensors', {}, []],
    ['a single number', one({ dtype: 'F64', shape: [] }), [8]],
    ['four bits an element', one({ dtype: 'F4', shape: [16] }), [8]],
    ['nothing of something large', one({ shape: [2 ** 52, 2 ** 52, 0], data_offsets: [0, 0] }), [0]],
  ])('may hold %s', (_, json, sizes) => {
    expect(parse(json)).toMatchObject({ tensors: sizes.map((bytes) => ({ bytes })) })
  })

  it('takes names as they are', () => {
    const parsed = parse(
      '{"__proto__":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"constructor":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}}',
    )
    expect(parsed).toMatchObject({ tensors: [{ name: '__proto__' }, { name: 'constructor' }] })
  })

  it('of a model lists all of it', () => {
    const tensors = llamaTensors(SMALL)
    const header = parseSafetensorsHeader(encode(safetensorsJson(tensors)), 'a.safetensors')
    expect(header.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }))).toEqual(tensors)
  })

  const bad = (problem: string) => ({ code: 'bad-tensor', tensor: 'w', problem })
  const noShape = { code: 'bad-dimensions', tensor: 'w', problem: 'has no shape of whole numbers below 2^53' }
  const noOffsets = bad('has no data_offsets of two whole numbers below 2^53, the first not above the second')

  it.each([
    ['no object first', ' {}', { code: 'not-safetensors', file: 'a.safetensors', found: '20 7b 7d' }],
    ['nothing', '', { code: 'not-safetensors', file: 'a.safetensors', found: 'nothing' }],
    ['a tensor that is a number', { w: 1 }, bad('is not described by an object')],
    ['a tensor that is a list', { w: [] }, bad('is not described by an object')],
    ['no type', one({ dtype: undefined }), bad('has no dtype')],
    ['a type that is a number', one({ dtype: 1 }), bad('has no dtype')],
    ['an unknown type', one({ dtype: 'Q4' }), { code: 'unknown-dtype', tensor: 'w', dtype: 'Q4' }],
    ['a type every object has', one({ dtype: 'toString' }), { code: 'unknown-dtype', tensor: 'w', dtype: 'toString' }],
    ['no shape', one({ shape: undefined }), noShape],
    ['a negative size', one({ shape: [-2, -2] }), noShape],
    ['half a size', one({ shape: [2.5, 1.6] }), noShape],
    ['a size that is text', one({ shape: ['4'] }), noShape],
    ['a size beyond 2^53', '{"w":{"dtype":"I8","shape":[9007199254740993],"data_offsets":[0,1]}}', noShape],
    [
      'nine dimensions',
      one({ shape: [1, 1, 1, 1, 1, 1, 1, 1, 4] }),
      { code: 'bad-dimensions', tensor: 'w', problem: 'has 9 dimensions; the limit is 8' },
    ],
    [
      'a product that overflows',
      one({ shape: [2 ** 32, 2 ** 32] }),
      { code: 'bad-dimensions', tensor: 'w', problem: 'takes more than 2^53 bits' },
    ],
    [
      'half a byte',
      one({ dtype: 'F4', shape: [3] }),
      { code: 'bad-dimensions', tensor: 'w', problem: 'does not end on a whole byte' },
    ],
    ['no offsets', one({ data_offsets: undefined }), noOffsets],
    ['one offset', one({ data_offsets: [0] }), noOffsets],
    ['three offsets', one({ data_offsets: [0, 8, 8] }), noOffsets],
    ['offsets the wrong way round', one({ data_offsets: [8, 0] }), noOffsets],
    ['negative offsets', one({ data_offsets: [-8, 0] }), noOffsets],
    [
      'offsets of 2^64',
      '{"w":{"dtype":"I8","shape":[1],"data_offsets":[18446744073709551614,18446744073709551615]}}',
      noOffsets,
    ],
    ['too little data', one({ data_offsets: [0, 6] }), { code: 'size-mismatch', tensor: 'w', expected: 8, found: 6 }],
    [
      'data behind a gap',
      { a: at(0, 4), w: at(6, 8) },
      { code: 'bad-tensor-offset', tensor: 'w', offset: 6, expected: 4, problem: 'gap' },
    ],
    [
      'data that does not begin at 0',
      { w: at(1, 8) },
      { code: 'bad-tensor-offset', tensor: 'w', offset: 1, expected: 0, problem: 'gap' },
    ],
    [
      'data of two',
      { a: at(0, 4), w: at(2, 8) },
      { code: 'bad-tensor-offset', tensor: 'w', offset: 2, expected: 4, problem: 'overlap' },
    ],
    [
      'the same data twice',
      { a: at(0, 4), w: at(0, 4) },
      { code: 'bad-tensor-offset', tensor: 'w', offset: 0, expected: 4, problem: 'overlap' },
    ],
    [
      'a name listed twice, the first hidden',
      '{"w":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"I8","shape":[4],"data_offsets":[4,8]}}',
      { code: 'bad-tensor-offset', tensor: 'w', offset: 4, expected: 0, problem: 'gap' },
    ],
    [
      'a long name',
      { ['w'.repeat(513)]: {} },
      { code: 'limit-exceeded', field: `length of the tensor name "${'w'.repeat(80)}…"`, limit: 512, found: 513 },
    ],
  ])('is refused with %s', (_, json, issue) => {
    expect(parse(json)).toEqual(issue)
    expect(new Exl2Error(issue as never).message).toMatch(/^[^{}[\]]*\.$/)
  })

  it('is refused with more tensors than any model has', () => {
    const entries = Array.from(
      { length: 200_001 },
      (_, index) => `"${index}":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}`,
    )
    expect(parse(`{${entries.join(',')}}`)).toEqual({
      code: 'limit-exceeded',
      field: 'tensors of a.safetensors',
      limit: 200_000,
      found: 200_001,
    })
  })
})
