import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { GgufHeader } from '@berth/core'
import { encodeGgufHeader, encodeHeader, type TypedValue } from '../encode.ts'
import { list, llama, LLAMA_70B, TINY, text, tokenizer, u32 } from '../testing/models.ts'
import { rawHeader } from '../testing/raw.ts'
import { MAX_KEPT_STRING_BYTES } from '../limits.ts'
import { decodeTrimmed } from '../model/model-file.ts'
import { readModelFromBytes } from '../model/read-bytes.ts'
import { walkBytes } from './read-header.ts'

vi.setConfig({ testTimeout: 60_000 })

const headerOf = async (metadata: Readonly<Record<string, TypedValue>>): Promise<GgufHeader> =>
  decodeTrimmed(encodeHeader({ metadata, tensors: [] }))

describe('metadata', () => {
  it.each<[TypedValue, unknown]>([
    [{ type: 'u8', value: 255 }, 255],
    [{ type: 'i8', value: -128 }, -128],
    [{ type: 'u16', value: 65_535 }, 65_535],
    [{ type: 'i16', value: -32_768 }, -32_768],
    [{ type: 'u32', value: 2 ** 32 - 1 }, 2 ** 32 - 1],
    [{ type: 'i32', value: -(2 ** 31) }, -(2 ** 31)],
    [{ type: 'u64', value: 2n ** 53n - 1n }, Number.MAX_SAFE_INTEGER],
    [{ type: 'i64', value: -(2n ** 53n) + 1n }, Number.MIN_SAFE_INTEGER],
    [{ type: 'f32', value: 0.1 }, Math.fround(0.1)],
    [{ type: 'f64', value: 0.1 }, 0.1],
    [{ type: 'f64', value: -0 }, 0],
    [{ type: 'f32', value: Infinity }, 'Infinity'],
    [{ type: 'f64', value: NaN }, 'NaN'],
    [{ type: 'bool', value: true }, true],
    [{ type: 'string', value: 'Größe 😀' }, 'Größe 😀'],
    [{ type: 'string', value: '' }, ''],
    [list('i32', []), []],
    [list('string', ['a', '']), ['a', '']],
    [{ type: 'array', of: 'bool', value: [true, false] }, [true, false]],
    [{ type: 'array', of: 'u64', value: [1n, 2n] }, [1, 2]],
  ])('%o comes out as %o', async (typed, value) => {
    expect((await headerOf({ a: typed })).metadata).toStrictEqual({ a: value })
  })

  it.each<TypedValue>([
    { type: 'u64', value: 2n ** 53n },
    { type: 'u64', value: 2n ** 64n - 1n },
    { type: 'i64', value: -(2n ** 63n) },
    { type: 'array', of: 'u64', value: [1n, 2n ** 53n] },
  ])('%o is refused as inexact', async (typed) => {
    await expect(headerOf({ 'a.b': typed })).rejects.toMatchObject({
      code: 'number-too-large',
      fields: { field: '"a.b"' },
    })
  })

  it('keeps keys that the library and JavaScript use themselves', async () => {
    const metadata = {
      version: u32(7),
      tensor_count: text('x'),
      kv_count: u32(9),
      constructor: u32(1),
      toString: u32(2),
    }
    expect((await headerOf(metadata)).metadata).toStrictEqual({
      version: 7,
      tensor_count: 'x',
      kv_count: 9,
      constructor: 1,
      toString: 2,
    })
  })

  it('is decoded whole when it is longer than the library reads at once', async () => {
    const strings = ['a', 'b', 'c', 'd'].map((key) => [key, key.repeat(MAX_KEPT_STRING_BYTES)] as const)
    const { metadata } = await headerOf(Object.fromEntries(strings.map(([key, value]) => [key, text(value)])))
    expect(Object.keys(metadata)).toEqual(['a', 'b', 'c', 'd'])
    for (const [key, value] of strings) expect(metadata[key] === value).toBe(true)
  })
})

describe('trimming', () => {
  it('leaves of a 70B header with 128k tokens under 100 KB, and the counts of what it left out', async () => {
    const whole = encodeHeader(llama(LLAMA_70B, tokenizer(LLAMA_70B.vocab, 24)))
    const { trimmed, header, dataMissing } = await readModelFromBytes(whole)
    expect(whole.length).toBeGreaterThan(13e6)
    expect(trimmed.length).toBeGreaterThan(20_000)
    expect(trimmed.length).toBeLessThan(100_000)
    expect(dataMissing).toBe(true)
    expect(header.trimmedArrayLengths).toEqual({
      'tokenizer.ggml.tokens': 128_256,
      'tokenizer.ggml.scores': 128_256,
      'tokenizer.ggml.token_type': 128_256,
      'tokenizer.ggml.merges': 256_512,
    })
    expect(header.metadata).not.toHaveProperty('tokenizer.ggml.tokens')
    expect(header.metadata['llama.attention.head_count_kv']).toHaveLength(80)
    expect(header.tensors).toHaveLength(80 * 9 + 3)
  })

  it('survives being stored: trimmed bytes give the same header, and trimming them changes nothing', async () => {
    const first = await readModelFromBytes(encodeHeader(llama(TINY, tokenizer(9000, 8))))
    const again = await readModelFromBytes(first.trimmed)
    expect(again).toEqual({ ...first, fileBytes: again.fileBytes, shards: again.shards })
    expect(await decodeTrimmed(first.trimmed)).toEqual(first.header)
    expect(JSON.parse(JSON.stringify(first.header))).toEqual(first.header)
    expect(walkBytes(first.trimmed).version).toBe(3)
  })

  it('drops a string over 1 MiB and notes its bytes', async () => {
    const long = encodeHeader({ metadata: { a: text('x'.repeat(MAX_KEPT_STRING_BYTES + 1)), b: u32(1) }, tensors: [] })
    const { header, trimmed } = await readModelFromBytes(long)
    expect(header).toMatchObject({ metadata: { b: 1 }, trimmedArrayLengths: { a: MAX_KEPT_STRING_BYTES + 1 } })
    expect(header.metadata).not.toHaveProperty('a')
    expect(trimmed.length).toBeLessThan(200)
  })

  it('changes nothing where nothing is long', async () => {
    const bytes = encodeHeader(llama(TINY))
    expect((await readModelFromBytes(bytes)).trimmed).toEqual(bytes)
  })

  it.each<[string, Record<string, TypedValue>, string]>([
    ['names nothing', { 'berth.trimmed.a': { type: 'u64', value: 5 } }, 'does not name an emptied array'],
    ['names a number', { a: u32(1), 'berth.trimmed.a': { type: 'u64', value: 5 } }, 'does not name an emptied array'],
    [
      'names a full array',
      { a: list('i32', [1]), 'berth.trimmed.a': { type: 'u64', value: 5 } },
      'does not name an emptied array',
    ],
    ['is no u64', { a: list('i32', []), 'berth.trimmed.a': u32(5) }, 'does not hold a length'],
    ['is 0', { a: list('i32', []), 'berth.trimmed.a': { type: 'u64', value: 0 } }, 'does not hold a length'],
    ['is 2^60', { a: list('i32', []), 'berth.trimmed.a': { type: 'u64', value: 2n ** 60n } }, 'does not hold a length'],
  ])('a note that %s is refused', async (_, metadata, problem) => {
    await expect(readModelFromBytes(encodeHeader({ metadata, tensors: [] }))).rejects.toMatchObject({
      code: 'bad-trimmed-entry',
      fields: { problem },
    })
  })

  it('admits the longest keys, noted under a longer one', async () => {
    const key = 'k'.repeat(1024)
    const { trimmed } = await readModelFromBytes(
      encodeHeader({
        metadata: {
          [key]: list(
            'u8',
            Array.from({ length: 9000 }, () => 1),
          ),
        },
        tensors: [],
      }),
    )
    expect((await decodeTrimmed(trimmed)).trimmedArrayLengths).toEqual({ [key]: 9000 })
  })

  it('stops at 32 MiB of what it would keep', async () => {
    const piece = new TextEncoder().encode('x'.repeat(MAX_KEPT_STRING_BYTES))
    const bytes = rawHeader({
      keyValues: 33,
      body: (writer) => {
        for (let index = 0; index < 33; index++) {
          writer.string(`k${index}`)
          writer.type('string')
          writer.u64(piece.length)
          writer.raw(piece)
        }
      },
    })
    await expect(readModelFromBytes(bytes)).rejects.toMatchObject({
      code: 'header-too-large',
      fields: { field: 'what is kept' },
    })
  })
})

describe('encodeGgufHeader', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  const value = fc.oneof(
    scalar,
    fc.array(fc.string()),
    fc.array(fc.maxSafeInteger()),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.array(fc.boolean(), { minLength: 1 }),
  )
  const key = fc
    .stringMatching(/^[a-z_.]{1,20}$/)
    .filter((name) => name !== '__proto__' && name !== 'general.alignment')

  it('and decodeTrimmed are each other’s inverse', async () => {
    const metadata = fc.dictionary(key, value, { maxKeys: 8 })
    const trimmedArrayLengths = fc.dictionary(fc.constantFrom('T1', 'T2'), fc.integer({ min: 1, max: 2 ** 40 }))
    const header = fc.record({ metadata, trimmedArrayLengths, tensors: fc.constant(llama(TINY).tensors) })
    await fc.assert(
      fc.asyncProperty(header, async (plain) => {
        const expected = JSON.parse(JSON.stringify(plain)) as GgufHeader
        expect(await decodeTrimmed(encodeGgufHeader(plain as GgufHeader))).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})
