import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGgufError } from './errors.ts'
import { corpus, type CorpusEntry } from './testing/corpus.ts'
import { decodeTrimmed, type ModelFile } from './model/model-file.ts'
import { readModelFromBytes } from './model/read-bytes.ts'

/** More inputs by BERTH_FUZZ_RUNS, for a long run. */
const RUNS = Number(process.env['BERTH_FUZZ_RUNS'] ?? 20_000)

/** A header of a few KB takes under a millisecond; seconds mean that a length was believed. */
const TIME_LIMIT_MS = 3000

/** The code of the refusal, or what was read; anything else that is thrown is a bug and passes through. */
const outcome = async (bytes: Uint8Array): Promise<ModelFile | string> => {
  try {
    return await readModelFromBytes(bytes)
  } catch (error) {
    if (isGgufError(error)) return error.code
    throw error
  }
}

describe('the corpus', () => {
  it.each(corpus)('$name', async ({ bytes, code }) => {
    const result = await outcome(bytes)
    expect(typeof result === 'string' ? result : undefined).toBe(code)
  })
})

/** Numbers that overflow something: a count, a product, a sum, a sign. */
const odd = fc.constantFrom(
  ...[
    0n,
    1n,
    4n,
    8n,
    9n,
    31n,
    255n,
    2n ** 16n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n,
    2n ** 64n - 1n,
  ],
)

interface Mutation {
  readonly at: number
  readonly with: Uint8Array
  /** Bytes the patch takes the place of; as many as it has if absent, so that what follows keeps its place. */
  readonly instead: number | undefined
}

const u64 = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return bytes
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(2000),
  with: fc.oneof(
    fc.uint8Array({ maxLength: 9 }),
    odd.map(u64),
    odd.map((value) => u64(value).subarray(0, 4)),
  ),
  instead: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(0, 1, 4, 8, 64)),
})

const mutate = (bytes: Uint8Array, { at, with: patch, instead }: Mutation): Uint8Array => {
  const start = at % (bytes.length + 1)
  const rest = bytes.subarray(start + (instead ?? patch.length))
  return new Uint8Array([...bytes.subarray(0, start), ...patch, ...rest])
}

const seeds = (which: (entry: CorpusEntry) => boolean): fc.Arbitrary<Uint8Array> =>
  fc.constantFrom(...corpus.filter(which).map(({ bytes }) => bytes))

const mutated = fc
  .tuple(
    fc.oneof(
      seeds(({ code }) => code === undefined),
      seeds(() => true),
    ),
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
  )
  .map(([bytes, mutations]) => mutations.reduce(mutate, bytes))

const noise = fc.uint8Array({ maxLength: 300 })
const afterMagic = noise.map((bytes) => new Uint8Array([0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, ...bytes]))

describe('any bytes', () => {
  it.each([
    ['mutated', mutated, RUNS],
    ['noise', noise, RUNS / 10],
    ['noise after a good beginning', afterMagic, RUNS / 10],
  ])('(%s) give a header or a typed error, in time', { timeout: 60_000 + RUNS * 10 }, async (_, arbitrary, numRuns) => {
    let read = 0
    await fc.assert(
      fc.asyncProperty(arbitrary, async (bytes) => {
        const started = performance.now()
        const result = await outcome(bytes)
        expect(performance.now() - started).toBeLessThan(TIME_LIMIT_MS)
        if (typeof result === 'string') return true
        read++
        // What is read can be stored, sent and read again.
        expect(JSON.parse(JSON.stringify(result.header))).toEqual(result.header)
        expect(await decodeTrimmed(result.trimmed)).toEqual(result.header)
        return true
      }),
      { numRuns },
    )
    // Most mutations must not fail at the first field, or nothing behind it is tried.
    expect(read).toBeGreaterThanOrEqual(arbitrary === mutated ? RUNS / 50 : 0)
  })
})
