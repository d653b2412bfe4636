import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeExl2, type JsonObject } from '@berth/core'
import { isExl2Error } from './errors.ts'
import { type FileHeader, readSafetensorsHeader } from './header/read-header.ts'
import { parseJsonObject } from './json.ts'
import { headerFile, llamaConfig, llamaTensors, safetensorsFile, SMALL, tensor } from './testing/folder.ts'

/** More inputs by BERTH_FUZZ_RUNS, for a long run. */
const RUNS = Number(process.env['BERTH_FUZZ_RUNS'] ?? 5000)

/** A header of a few KB takes under a millisecond; seconds mean that a length was believed. */
const TIME_LIMIT_MS = 3000

const sourceOf = (file: Uint8Array, size: number) => ({
  fileName: 'a.safetensors',
  head: async (count: number) => ({ bytes: file.subarray(0, count), ended: count >= file.length }),
  fileBytes: () => size,
  close: async () => {},
})

/** The code of the refusal, or what was read; anything else that is thrown is a bug and passes through. */
const outcome = async (file: Uint8Array, size = file.length): Promise<FileHeader | string> => {
  try {
    return await readSafetensorsHeader(sourceOf(file, size))
  } catch (error) {
    if (isExl2Error(error)) return error.code
    throw error
  }
}

const small = safetensorsFile([tensor('a', 'F16', 4, 4), tensor('b', 'I32', 2), tensor('c', 'F32', 1, 3)])

/** Numbers that overflow something: a count, a product, a sum, a sign. */
const odd = fc.constantFrom(
  '0',
  '-1',
  '1.5',
  '1e3',
  '1e400',
  '4294967296',
  '9007199254740992',
  '9007199254740993',
  '18446744073709551615',
  'null',
  '"1"',
  '[]',
  '{}',
)

const sound = (header: FileHeader): void => {
  const { tensors, dataBytes, headerBytes, fileBytes } = header
  expect(fileBytes).toBe(headerBytes + dataBytes)
  expect(tensors.reduce((sum, each) => sum + each.bytes, 0)).toBe(dataBytes)
  expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length)
}

describe('hostile headers', () => {
  it('(mutated) give a header that adds up or a typed error, in time', async () => {
    const mutation = fc.record({ at: fc.nat(small.length - 1), with: fc.uint8Array({ maxLength: 4 }), cut: fc.nat(6) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (mutations, fixLength) => {
          let file = small
          for (const { at, with: patch, cut } of mutations) {
            file = new Uint8Array([...file.subarray(0, at), ...patch, ...file.subarray(at + cut)])
          }
          // With the length put right the JSON is looked at, whatever became of it.
          if (fixLength && file.length > 8) file = headerFile(file.subarray(8, Math.max(8, file.length - 52)))
          const begun = performance.now()
          const result = await outcome(file)
          if (typeof result !== 'string') sound(result)
          expect(performance.now() - begun).toBeLessThan(TIME_LIMIT_MS)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('(of odd numbers) give a header that adds up or a typed error', async () => {
    const entry = fc
      .record({
        dtype: fc.constantFrom('F16', 'I8', 'F4', 'F64', 'X'),
        shape: fc.array(fc.oneof(odd, fc.nat(9).map(String)), { maxLength: 9 }),
        begin: fc.oneof(odd, fc.nat(64).map(String)),
        end: fc.oneof(odd, fc.nat(64).map(String)),
      })
      .map(
        ({ dtype, shape, begin, end }) =>
          `{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
      )
    const header = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'constructor', '__metadata__', 'length'), entry),
      { maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(header, fc.nat(128), async (entries, dataBytes) => {
        const file = headerFile(`{${entries.map(([name, text]) => `"${name}":${text}`).join(',')}}`)
        const result = await outcome(file, file.length + dataBytes)
        if (typeof result !== 'string') sound(result)
        expect(({} as Record<string, unknown>)['dtype']).toBeUndefined()
      }),
      { numRuns: RUNS },
    )
  })

  it('(of good tensors in any order) are read whole', async () => {
    const any = fc.uniqueArray(
      fc.record({
        name: fc.string({ maxLength: 20 }),
        dtype: fc.constantFrom('F16', 'I8', 'F64' as const),
        shape: fc.array(fc.nat(5), { maxLength: 4 }),
      }),
      { selector: ({ name }) => name, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(any, async (tensors) => {
        const named = tensors
          .filter(({ name }) => name !== '__metadata__' && name !== '__proto__')
          .map(({ name, dtype, shape }) => tensor(name, dtype, ...shape))
        const result = await outcome(safetensorsFile(named))
        if (typeof result === 'string') throw new Error(result)
        sound(result)
        expect(result.tensors.map(({ name }) => name).toSorted()).toEqual(named.map(({ name }) => name).toSorted())
      }),
      { numRuns: 500 },
    )
  })
})

describe('hostile configs', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(0, -1, 0.5, 1e308, 2 ** 53, 513, 'x', null, [], {}),
  )
  const key = fc.constantFrom(
    ...Object.keys(llamaConfig(SMALL)),
    'text_config',
    'head_dim',
    'ffn_config',
    'num_local_experts',
    'attn_config',
    '__proto__',
    'constructor',
  )

  it('give a model that adds up or an issue that names a key', async () => {
    const header = await readSafetensorsHeader(
      sourceOf(safetensorsFile(llamaTensors(SMALL)), safetensorsFile(llamaTensors(SMALL)).length),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (changes) => {
        const text = JSON.stringify({ ...llamaConfig(SMALL), ...Object.fromEntries(changes) })
        const config: JsonObject = parseJsonObject(new TextEncoder().encode(text), 'config.json')
        const described = describeExl2({ config, quantization: config, tensors: header.tensors })
        if (!described.ok) {
          expect(described.issue.code).toMatch(/^(missing-key|bad-value|missing-tensor)$/)
          return
        }
        const { blockCount, headDim, headCount, tensorBytes } = described.value
        expect(
          [blockCount, headDim, headCount, tensorBytes].every((each) => Number.isSafeInteger(each) && each >= 0),
        ).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })
})
