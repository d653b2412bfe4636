import type { Prefix } from '@berth/sources'
import { describe, expect, it, vi } from 'vitest'
import { encodeHeader } from '../encode.ts'
import { issueFrom } from '../testing/issue-from.ts'
import { llama, LLAMA_70B, TINY, tokenizer } from '../testing/models.ts'
import { rawArray, rawHeader, rawKeyValue, writeRawTensor } from '../testing/raw.ts'
import * as limits from '../limits.ts'
import type { WalkOptions } from './cursor.ts'
import { walkBytes } from './read-header.ts'
import { walkHeader, type WalkedHeader } from './walk.ts'
import type { ByteWriter } from './write.ts'

vi.setConfig({ testTimeout: 60_000 })

const issueOf = (bytes: Uint8Array, options?: WalkOptions): unknown =>
  issueFrom(() => {
    walkBytes(bytes, options)
    return 'accepted'
  })

/** Feeds a walk pieces of the file as they come. */
const walkInPieces = (bytes: Uint8Array, pieces: readonly number[]): { walked: WalkedHeader; asked: number[] } => {
  const walk = walkHeader()
  const asked: number[] = []
  let have = 0
  let step = walk.next()
  for (let index = 0; step.done !== true; index++) {
    asked.push(step.value)
    have = Math.min(bytes.length, have + pieces[index % pieces.length]!)
    const prefix: Prefix = { bytes: bytes.subarray(0, have), ended: have === bytes.length }
    step = walk.next(prefix)
  }
  return { walked: step.value, asked }
}

describe('a good header', () => {
  const header = llama(TINY, tokenizer(9000, 5))
  const bytes = encodeHeader(header)

  it.each([2, 3] as const)('is walked in version %i', (version) => {
    expect(walkBytes(encodeHeader({ ...header, version })).version).toBe(version)
  })

  it('has its entries where they were written', () => {
    const walked = walkBytes(bytes)
    expect(walked.keyValues.map(({ key }) => key)).toEqual(Object.keys(header.metadata))
    expect(walked.keyValues.filter(({ dropped }) => dropped).map(({ key, length }) => [key, length])).toEqual([
      ['tokenizer.ggml.tokens', 9000],
      ['tokenizer.ggml.scores', 9000],
      ['tokenizer.ggml.token_type', 9000],
      ['tokenizer.ggml.merges', 18_000],
    ])
    expect(walked.tensors.map(({ name, shape, type }) => ({ name, shape, type }))).toEqual(header.tensors)
    expect(walked.dataStart).toBe(bytes.length)
  })

  it('is walked alike in any pieces, asking for ever more and never again for what it had', () => {
    const whole = walkBytes(bytes)
    for (const pieces of [[1], [7, 1, 30], [1000, 3], [65_536]]) {
      const { walked, asked } = walkInPieces(bytes, pieces)
      expect(walked).toEqual(whole)
      expect(asked.every((count, index) => index === 0 || count >= asked[index - 1]!)).toBe(true)
    }
  })

  it('cut off at any byte is truncated', () => {
    const small = encodeHeader(llama({ ...TINY, blocks: 1 }))
    const { headerEnd } = walkBytes(small)
    for (let length = 0; length < headerEnd; length++) {
      expect(issueOf(small.subarray(0, length))).toMatchObject({ code: 'truncated-header', available: length })
      // With the size known beforehand nothing is waited for.
      expect(issueOf(small, { fileBytes: length })).toMatchObject({ code: 'truncated-header', available: length })
    }
    expect(issueOf(small.subarray(0, headerEnd))).toBe('accepted')
  })
})

describe('the preamble', () => {
  it.each([
    ['other bytes', rawHeader({ magic: 'GGML' }), { code: 'not-gguf', found: '47 47 4d 4c' }],
    ['GGUF in another case', rawHeader({ magic: 'gguf' }), { code: 'not-gguf' }],
    ['version 0', rawHeader({ version: 0 }), { code: 'unsupported-version', version: 0 }],
    ['version 1', rawHeader({ version: 1 }), { code: 'unsupported-version', version: 1 }],
    ['version 4', rawHeader({ version: 4 }), { code: 'unsupported-version', version: 4 }],
    ['big-endian version 3', rawHeader({ version: 0x0300_0000 }), { code: 'big-endian' }],
    ['big-endian version 2', rawHeader({ version: 0x0200_0000 }), { code: 'big-endian' }],
    ['too many tensors', rawHeader({ tensors: limits.MAX_TENSORS + 1 }), { code: 'limit-exceeded', limit: 200_000 }],
    [
      'a tensor count of 2^64 - 1',
      rawHeader({ tensors: 2n ** 64n - 1n }),
      { code: 'limit-exceeded', field: 'tensor count', found: '18446744073709551615' },
    ],
    ['too many key/values', rawHeader({ keyValues: 65_537 }), { code: 'limit-exceeded', field: 'key/value count' }],
    ['2^63 key/values', rawHeader({ keyValues: 2n ** 63n }), { code: 'limit-exceeded', found: '9223372036854775808' }],
  ])('refuses %s', (_, bytes, issue) => {
    expect(issueOf(bytes)).toMatchObject(issue)
  })

  it('accepts a header of nothing', () => {
    expect(walkBytes(rawHeader({}))).toMatchObject({ headerEnd: 24, dataStart: 24, impliedFileBytes: 24 })
  })

  it('refuses counts that the file cannot hold, before reading on', () => {
    const bytes = rawHeader({ tensors: 200_000, keyValues: 65_536 })
    expect(issueOf(bytes, { fileBytes: 1_000_000 })).toMatchObject({ code: 'truncated-header', needed: 7_517_528 })
    expect(issueOf(bytes, { maxHeaderBytes: 1_000_000 })).toMatchObject({ code: 'header-too-large', limit: 1_000_000 })
  })
})

const zeroByte = (writer: ByteWriter): void => writer.raw(new Uint8Array(1))

describe('keys', () => {
  const twice = rawHeader({
    keyValues: 2,
    body: (writer) => {
      for (let count = 0; count < 2; count++) {
        writer.string('general.name')
        writer.u32(0)
        zeroByte(writer)
      }
    },
  })
  const notUtf8 = rawHeader({
    keyValues: 1,
    body: (writer) => {
      writer.u64(2)
      writer.raw(Uint8Array.of(0xc3, 0x28))
      writer.u32(0)
      zeroByte(writer)
    },
  })
  const longest = 'k'.repeat(limits.MAX_KEY_BYTES)

  it.each([
    ['an empty key', rawKeyValue('', 0, zeroByte), { code: 'bad-key', problem: 'is empty' }],
    ['a zero byte in a key', rawKeyValue('a\0b', 0, zeroByte), { code: 'bad-key', key: 'a\u{FFFD}b' }],
    ['a key that is not UTF-8', notUtf8, { code: 'bad-key', problem: 'is not UTF-8' }],
    ['__proto__', rawKeyValue('__proto__', 0, zeroByte), { code: 'bad-key', problem: 'is reserved' }],
    ['a key too long', rawKeyValue(`${longest}k`, 0, zeroByte), { code: 'limit-exceeded', limit: 1024, found: '1025' }],
    ['a key given twice', twice, { code: 'duplicate-key', key: 'general.name' }],
    ['type 13', rawKeyValue('a', 13, zeroByte), { code: 'unknown-value-type', key: 'a', type: 13 }],
    ['type 2^32 - 1', rawKeyValue('a', 2 ** 32 - 1, zeroByte), { code: 'unknown-value-type' }],
  ])('refuses %s', (_, bytes, issue) => {
    expect(issueOf(bytes)).toMatchObject(issue)
  })

  it('accepts the longest key and names that objects inherit', () => {
    expect(issueOf(rawKeyValue(longest, 0, zeroByte))).toBe('accepted')
    expect(issueOf(rawKeyValue('constructor', 0, zeroByte))).toBe('accepted')
  })
})

describe('values', () => {
  const string = (length: number | bigint): Uint8Array => rawKeyValue('text', 8, (writer) => writer.u64(length))
  const filled = (length: number): Uint8Array =>
    rawKeyValue('text', 8, (writer) => {
      writer.u64(length)
      writer.raw(new Uint8Array(length))
    })

  it.each([
    ['a string of 2^64 - 1 bytes', string(2n ** 64n - 1n), { code: 'limit-exceeded', found: '18446744073709551615' }],
    ['a string of 2^32 + 1 bytes', string(2n ** 32n + 1n), { code: 'limit-exceeded' }],
    ['a string over 16 MiB', string(limits.MAX_STRING_BYTES + 1), { code: 'limit-exceeded', limit: 16_777_216 }],
    ['a string that the file ends in', string(5), { code: 'truncated-header', field: '"text"' }],
    ['too many elements', rawArray(0, limits.MAX_ARRAY_ELEMENTS + 1), { code: 'limit-exceeded', limit: 4_194_304 }],
    ['2^63 elements', rawArray(8, 2n ** 63n), { code: 'limit-exceeded', found: '9223372036854775808' }],
    ['2^61 + 1 elements of 8 bytes', rawArray(10, 2n ** 61n + 1n), { code: 'limit-exceeded' }],
    ['more elements than bytes', rawArray(10, 4_000_000), { code: 'truncated-header', needed: 32_000_052 }],
    ['more strings than bytes', rawArray(8, 4_000_000), { code: 'truncated-header', needed: 32_000_052 }],
    ['an array of arrays', rawArray(9, 0), { code: 'nested-array', key: 'list' }],
    ['an array of type 99', rawArray(99, 0), { code: 'unknown-value-type', type: 99 }],
    [
      'a string of 2^32 bytes in an array',
      rawArray(8, 1, (writer) => writer.u64(2n ** 32n)),
      { code: 'limit-exceeded', field: 'length of string 0 of "list"', found: '4294967296' },
    ],
    [
      'a string over 16 MiB in an array',
      rawArray(8, 1, (writer) => writer.u64(limits.MAX_STRING_BYTES + 1)),
      { code: 'limit-exceeded' },
    ],
  ])('refuses %s', (_, bytes, issue) => {
    expect(issueOf(bytes, { fileBytes: bytes.length })).toMatchObject(issue)
  })

  it.each([
    ['a string', filled(limits.MAX_KEPT_STRING_BYTES), filled(limits.MAX_KEPT_STRING_BYTES + 1)],
    [
      'an array of bytes',
      rawArray(0, 8192, (writer) => writer.raw(new Uint8Array(8192))),
      rawArray(0, 8193, (writer) => writer.raw(new Uint8Array(8193))),
    ],
    [
      'an array of strings',
      rawArray(8, 1, (writer) => writer.string('x'.repeat(65_528))),
      rawArray(8, 1, (writer) => writer.string('x'.repeat(65_529))),
    ],
  ])('keeps %s up to its limit and no further', (_, kept, dropped) => {
    expect(walkBytes(kept).keyValues[0]!.dropped).toBe(false)
    expect(walkBytes(dropped).keyValues[0]!.dropped).toBe(true)
  })

  it('refuses what lies beyond the limit on headers even when the bytes are there', () => {
    expect(issueOf(filled(1000), { maxHeaderBytes: 500 })).toMatchObject({ code: 'header-too-large', limit: 500 })
  })
})

describe('a header that ends with', () => {
  it.each([
    ['a string', rawKeyValue('text', 8, (writer) => writer.string('ending'))],
    ['strings', rawArray(8, 3, (writer) => ['the', '', 'ending'].forEach((text) => writer.string(text)))],
    ['numbers', rawArray(10, 3, (writer) => [1, 2, 3].forEach((value) => writer.u64(value)))],
    ['a number', rawKeyValue('number', 12, (writer) => writer.u64(1))],
  ])('%s is truncated until its last byte', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(issueOf(bytes.subarray(0, length))).toMatchObject({ code: 'truncated-header', available: length })
    }
    expect(walkBytes(bytes).headerEnd).toBe(bytes.length)
  })
})

describe('general.alignment', () => {
  const alignment = (value: number): Uint8Array => rawKeyValue('general.alignment', 4, (writer) => writer.u32(value))

  it.each([0, 1, 4, 7, 24, 33, 2 * limits.MAX_ALIGNMENT, 2 ** 31, 2 ** 32 - 1])('refuses %i', (value) => {
    expect(issueOf(alignment(value))).toMatchObject({ code: 'bad-alignment', value: String(value) })
  })

  it.each([8, 32, 64, 4096, limits.MAX_ALIGNMENT])('accepts %i', (value) => {
    expect(walkBytes(alignment(value)).alignment).toBe(value)
  })

  it('refuses any type but u32, as llama.cpp does', () => {
    const bytes = rawKeyValue('general.alignment', 10, (writer) => writer.u64(32))
    expect(issueOf(bytes)).toMatchObject({ code: 'bad-alignment', value: 'of type u64' })
  })

  it('decides where data begins and how tensors are spaced', () => {
    const bytes = rawHeader({
      keyValues: 1,
      tensors: 2,
      body: (writer) => {
        writer.string('general.alignment')
        writer.u32(4)
        writer.u32(4096)
        writeRawTensor(writer, { name: 'a', dims: [1] })
        writeRawTensor(writer, { name: 'b', dims: [1], offset: 4096 })
      },
    })
    expect(walkBytes(bytes)).toMatchObject({ dataStart: 4096, dataEnd: 8196, impliedFileBytes: 12_288 })
  })
})

describe('time', () => {
  it('spent walking is bounded; time spent waiting is not counted', () => {
    let now = 0
    const bytes = encodeHeader(llama(TINY))
    const walk = walkHeader({ now: () => now })
    walk.next()
    now += 60_000
    walk.next({ bytes: bytes.subarray(0, 100), ended: false })
    expect(() => walkBytes(bytes, { now: () => (now += 5001) })).toThrow(
      expect.objectContaining({ code: 'too-slow', fields: { limitMs: 10_000 } }),
    )
  })

  it('for a 14 MB header is a matter of milliseconds', () => {
    const bytes = encodeHeader(llama(LLAMA_70B, tokenizer(LLAMA_70B.vocab, 24)))
    expect(bytes.length).toBeGreaterThan(13e6)
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now()
      walkBytes(bytes)
      return performance.now() - started
    })
    // 8 to 15 ms when nothing else runs; the bound only tells a walk from a parse of every string.
    expect(Math.min(...times)).toBeLessThan(200)
  })
})
