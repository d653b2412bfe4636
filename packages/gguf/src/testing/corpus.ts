import { createWriter, type ByteWriter } from '../header/write.ts'
import { encodeHeader, type TypedValue } from '../encode.ts'
import { llama, list, split, text, TINY, u32 } from './models.ts'
import { rawArray, rawHeader, rawKeyValue, rawTensors, writeRawTensor, type RawTensor } from './raw.ts'

/**
 * Inputs kept for good: the shapes that broke other readers, each under the number it was published with, and what
 * earlier fuzzing found here. A new finding is added as hexadecimal.
 */
export interface CorpusEntry {
  readonly name: string
  readonly bytes: Uint8Array
  /** The code of the refusal; undefined for a header that is good. */
  readonly code: string | undefined
}

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'))

const alignmentAnd = (value: number, tensors: readonly RawTensor[]): Uint8Array =>
  rawHeader({
    keyValues: 1,
    tensors: tensors.length,
    body: (writer) => {
      writer.string('general.alignment')
      writer.u32(4)
      writer.u32(value)
      for (const tensor of tensors) writeRawTensor(writer, tensor)
    },
  })

const bytesOf = (fill: (writer: ByteWriter) => void): Uint8Array => {
  const writer = createWriter()
  fill(writer)
  return writer.finish()
}

const ones = (length: number): readonly number[] => Array.from({ length }, () => 1)

const everyType: Readonly<Record<string, TypedValue>> = {
  u8: { type: 'u8', value: 200 },
  i8: { type: 'i8', value: -100 },
  u16: { type: 'u16', value: 60_000 },
  i16: { type: 'i16', value: -30_000 },
  u32: u32(4_000_000_000),
  i32: { type: 'i32', value: -2_000_000_000 },
  f32: { type: 'f32', value: 0.5 },
  f64: { type: 'f64', value: 1e300 },
  u64: { type: 'u64', value: 2n ** 50n },
  i64: { type: 'i64', value: -(2n ** 50n) },
  bool: { type: 'bool', value: true },
  string: text('Größe'),
  strings: list('string', ['a', '', 'Ω']),
  numbers: list('f32', [0.5, Infinity]),
  'general.alignment': u32(64),
}

const MAX_U64 = 2n ** 64n - 1n

export const corpus: readonly CorpusEntry[] = [
  { name: 'nothing', bytes: hex(''), code: 'truncated-header' },
  { name: 'CVE-2024-39720: four bytes', bytes: hex('47475546'), code: 'truncated-header' },
  { name: 'version alone', bytes: hex('47475546 03000000'), code: 'truncated-header' },
  {
    name: 'version 1 with 32-bit counts',
    bytes: hex('47475546 01000000 00000000 00000000'),
    code: 'unsupported-version',
  },
  { name: 'big-endian', bytes: hex('47475546 00000003 0000000000000000 0000000000000000'), code: 'big-endian' },
  {
    name: 'CVE-2024-21802: more dimensions than there is room for',
    bytes: rawTensors({ dims: [1, 1, 1, 1, 1, 1, 1, 1] }),
    code: 'bad-dimensions',
  },
  { name: 'CVE-2024-21825: array length times size wraps', bytes: rawArray(10, 2n ** 61n), code: 'limit-exceeded' },
  { name: 'CVE-2024-21836: 2^64 - 1 tensors', bytes: rawHeader({ tensors: MAX_U64 }), code: 'limit-exceeded' },
  {
    name: 'CVE-2024-23496: a string of 2^64 - 1 bytes',
    bytes: rawKeyValue('s', 8, (w) => w.u64(MAX_U64)),
    code: 'limit-exceeded',
  },
  { name: 'CVE-2024-23605: 2^64 - 1 key/values', bytes: rawHeader({ keyValues: MAX_U64 }), code: 'limit-exceeded' },
  {
    name: 'CVE-2025-66959: a key of 2^63 bytes',
    bytes: rawHeader({ keyValues: 1, body: (w) => w.raw(hex('0000000000000080 0000000000000000')) }),
    code: 'limit-exceeded',
  },
  { name: 'CVE-2025-0317: alignment 0', bytes: alignmentAnd(0, [{}]), code: 'bad-alignment' },
  { name: 'alignment 2^31 (llama.cpp 24997)', bytes: alignmentAnd(2 ** 31, [{}]), code: 'bad-alignment' },
  {
    name: 'CVE-2025-53630: sizes that wrap in the sum',
    bytes: rawTensors({ dims: [2n ** 62n], type: 24 }),
    code: 'bad-dimensions',
  },
  {
    name: 'CVE-2026-27940: padded size wraps',
    bytes: alignmentAnd(2 ** 20, [{ dims: [2n ** 53n - 1n], type: 24 }]),
    code: 'tensor-too-large',
  },
  {
    name: 'CVE-2026-33298: a product that wraps to little',
    bytes: rawTensors({ dims: [2n ** 32n, 2n ** 32n + 1n], type: 24 }),
    code: 'tensor-too-large',
  },
  {
    name: 'CVE-2026-7482: an offset beyond the file',
    bytes: rawTensors({ offset: 2n ** 40n }),
    code: 'bad-tensor-offset',
  },
  {
    name: 'CVE-2026-7482: data beyond the file',
    bytes: bytesOf((writer) => {
      writer.raw(rawTensors({ dims: [1024] }))
      writer.pad(32)
      writer.raw(new Uint8Array(100))
    }),
    code: 'truncated-data',
  },
  { name: 'llama.cpp 27188: 43 bytes with an array of 2^63', bytes: rawArray(4, 2n ** 63n), code: 'limit-exceeded' },
  {
    name: 'ggml 1516: 160 bytes that ask for gigabytes',
    bytes: rawArray(10, 4_194_304, (w) => w.raw(new Uint8Array(100))),
    code: 'truncated-header',
  },
  { name: 'llama.cpp 18586: a dimension of 0', bytes: rawTensors({ dims: [0, 32], type: 2 }), code: 'bad-dimensions' },
  {
    name: 'llama.cpp 26690: an array of unknown elements',
    bytes: rawArray(77, 1, (w) => w.u64(0)),
    code: 'unknown-value-type',
  },
  {
    name: 'an array of arrays of arrays',
    bytes: rawArray(9, 1, (w) => w.raw(hex('09000000 0100000000000000'))),
    code: 'nested-array',
  },
  { name: 'a file name as a key', bytes: rawKeyValue('__proto__', 4, (w) => w.u32(1)), code: 'bad-key' },
  { name: 'a tensor type of 2^32 - 1', bytes: rawTensors({ type: 2 ** 32 - 1 }), code: 'unknown-tensor-type' },
  {
    name: 'u64 beyond 2^53',
    bytes: encodeHeader({ metadata: { a: { type: 'u64', value: MAX_U64 } }, tensors: [] }),
    code: 'number-too-large',
  },
  {
    name: 'a note of nothing',
    bytes: encodeHeader({ metadata: { 'berth.trimmed.a': { type: 'u64', value: 1 } }, tensors: [] }),
    code: 'bad-trimmed-entry',
  },
  { name: 'one shard of two', bytes: encodeHeader(split(llama(TINY), 2)[0]!), code: 'shard-mismatch' },
  {
    name: 'a template that runs code (CVE-2024-34359)',
    bytes: encodeHeader({ metadata: { 'tokenizer.chat_template': text('{{ self.__init__ }}') }, tensors: [] }),
    code: undefined,
  },
  {
    name: 'a string that is not UTF-8',
    bytes: rawKeyValue('s', 8, (w) => w.raw(hex('0200000000000000 c328'))),
    code: undefined,
  },
  {
    name: 'block_count 0 (CVE-2025-0315)',
    bytes: encodeHeader({ metadata: { 'llama.block_count': u32(0) }, tensors: [] }),
    code: undefined,
  },
  {
    name: 'an empty array',
    bytes: encodeHeader({ metadata: { a: list('string', []) }, tensors: [] }),
    code: undefined,
  },
  { name: 'every type of value', bytes: encodeHeader({ metadata: everyType, tensors: [] }), code: undefined },
  {
    name: 'long arrays, to be left out',
    bytes: encodeHeader({ metadata: { a: list('u8', ones(8193)), b: list('i32', ones(3)) }, tensors: [] }),
    code: undefined,
  },
  {
    name: 'long arrays, left out before',
    bytes: encodeHeader({
      metadata: { a: list('u8', []), 'berth.trimmed.a': { type: 'u64', value: 8193 } },
      tensors: [{ name: 'a', shape: [32, 2, 2, 2], type: 'q4_0' }],
    }),
    code: undefined,
  },
  { name: 'a small llama', bytes: encodeHeader(llama({ ...TINY, blocks: 1 })), code: undefined },
  {
    name: 'a small llama, version 2',
    bytes: encodeHeader({ ...llama({ ...TINY, blocks: 1 }), version: 2 }),
    code: undefined,
  },
]
