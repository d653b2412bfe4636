import { GGML_TYPES, ggmlTypeNames, type TensorInfo } from '@berth/core'
import { gguf, type GGUFParseOutput, type MetadataValue } from '@huggingface/gguf'
import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { encodeHeader, type EncodableHeader, type TypedValue } from '../encode.ts'
import { llama, TINY, tokenizer } from '../testing/models.ts'
import { readModelFromBytes } from '../model/read-bytes.ts'
import { walkBytes } from './read-header.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The whole file through the library alone, as it would read it by itself. Its chunks are 2 MB. */
const libraryParse = (bytes: Uint8Array): Promise<GGUFParseOutput> =>
  gguf('https://whole.invalid/', {
    fetch: (_, init) => {
      const range = new Headers(init?.headers).get('range') ?? ''
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range)!.map(Number)
      return Promise.resolve(new Response(bytes.slice(from, to! + 1)))
    },
  })

const plain = (value: MetadataValue): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value)
  return typeof value === 'bigint' ? Number(value) : value
}

/** The same things about a header as the library and as this package find them. */
async function bothWays(header: EncodableHeader): Promise<{ readonly ours: unknown; readonly theirs: unknown }> {
  const bytes = encodeHeader(header)
  const { metadata, tensorInfos, tensorInfoByteRange, tensorDataOffset } = await libraryParse(bytes)
  const { version, tensor_count: tensorCount, kv_count: keyValueCount, ...rest } = metadata
  const walked = walkBytes(bytes)
  const model = await readModelFromBytes(bytes)
  const isLong = (key: string): boolean => Object.hasOwn(model.header.trimmedArrayLengths, key)
  const values = Object.entries(rest) as [string, MetadataValue][]
  return {
    ours: {
      counts: [walked.version, walked.tensors.length, walked.keyValues.length],
      headerEnd: walked.headerEnd,
      dataStart: walked.tensors.length === 0 ? undefined : walked.dataStart,
      tensors: walked.tensors.map(({ name, shape, type, offset }) => [name, shape, GGML_TYPES[type].id, offset]),
      metadata: model.header.metadata,
      lengths: model.header.trimmedArrayLengths,
    },
    theirs: {
      counts: [version, Number(tensorCount), Number(keyValueCount)],
      headerEnd: tensorInfoByteRange[1],
      dataStart: tensorInfos.length === 0 ? undefined : Number(tensorDataOffset),
      tensors: tensorInfos.map(({ name, shape, dtype, offset }) => [name, shape.map(Number), dtype, Number(offset)]),
      metadata: Object.fromEntries(values.filter(([key]) => !isLong(key)).map(([key, value]) => [key, plain(value)])),
      lengths: Object.fromEntries(
        values.filter(([key]) => isLong(key)).map(([key, value]) => [key, Array.isArray(value) ? value.length : value]),
      ),
    },
  }
}

const typed: fc.Arbitrary<TypedValue> = (() => {
  const ranges = {
    u8: fc.integer({ min: 0, max: 255 }),
    i8: fc.integer({ min: -128, max: 127 }),
    u16: fc.integer({ min: 0, max: 65_535 }),
    i16: fc.integer({ min: -32_768, max: 32_767 }),
    u32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    i32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    f32: fc.float(),
    bool: fc.boolean(),
    string: fc.string({ unit: 'grapheme', maxLength: 300 }),
    u64: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
    i64: fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }),
    f64: fc.double(),
  } as const
  const scalars = Object.entries(ranges).map(([type, value]) => fc.record({ type: fc.constant(type), value }))
  const arrays = Object.entries(ranges).map(([of, value]) =>
    fc.record({ type: fc.constant('array'), of: fc.constant(of), value: fc.array<unknown>(value, { maxLength: 50 }) }),
  )
  return fc.oneof(...scalars, ...arrays) as fc.Arbitrary<TypedValue>
})()

const tensor: fc.Arbitrary<TensorInfo> = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9_.]{1,63}$/),
    type: fc.constantFrom(...ggmlTypeNames),
    blocks: fc.integer({ min: 1, max: 300 }),
    rest: fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 3 }),
  })
  .map(({ name, type, blocks, rest }) => ({ name, type, shape: [blocks * GGML_TYPES[type].blockElements, ...rest] }))

const reserved = new Set(['__proto__', 'version', 'tensor_count', 'kv_count', 'general.alignment'])

const header: fc.Arbitrary<EncodableHeader> = fc.record({
  version: fc.constantFrom(2, 3),
  metadata: fc
    .record({
      entries: fc.dictionary(
        fc.stringMatching(/^[a-z0-9_.]{1,40}$/).filter((key) => !reserved.has(key)),
        typed,
        { maxKeys: 20 },
      ),
      alignment: fc.constantFrom<readonly TypedValue[]>(
        [],
        [{ type: 'u32', value: 8 }],
        [{ type: 'u32', value: 4096 }],
      ),
    })
    .map(({ entries, alignment: [value] }) =>
      value === undefined ? entries : { ...entries, 'general.alignment': value },
    ),
  tensors: fc.uniqueArray(tensor, { maxLength: 30, selector: ({ name }) => name }),
})

it('agrees with the library’s own parse of whole headers', async () => {
  await fc.assert(
    fc.asyncProperty(header, async (any) => {
      const { ours, theirs } = await bothWays(any)
      expect(ours).toEqual(theirs)
    }),
    { numRuns: 200 },
  )
})

it('agrees with it on a header with a tokenizer', async () => {
  // Short of 1.5 MB, where the library begins to lose strings.
  const { ours, theirs } = await bothWays(llama({ ...TINY, vocab: 12_032 }, tokenizer(12_000, 12)))
  expect(ours).toEqual(theirs)
  expect(ours).toMatchObject({ lengths: { 'tokenizer.ggml.merges': 24_000 } })
})
