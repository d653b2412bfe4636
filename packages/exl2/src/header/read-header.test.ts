import { MIB } from '@berth/core'
import type { HeadSource } from '@berth/sources'
import { describe, expect, it } from 'vitest'
import { Exl2Error } from '../errors.ts'
import { headerFile, llamaTensors, safetensorsFile, safetensorsJson, SMALL, tensor } from '../testing/folder.ts'
import { readSafetensorsHeader } from './read-header.ts'

/** A file in memory that notes what was asked of it. */
const sourceOf = (file: Uint8Array, fileBytes: number | undefined = file.length) => {
  const asked: (number | 'close')[] = []
  const source: HeadSource = {
    fileName: 'a.safetensors',
    head: async (count) => {
      asked.push(count)
      return { bytes: file.subarray(0, count), ended: count >= file.length }
    },
    fileBytes: () => fileBytes,
    close: async () => void asked.push('close'),
  }
  return { source, asked }
}

const whole = safetensorsFile(llamaTensors(SMALL))
const headerBytes = 8 + safetensorsJson(llamaTensors(SMALL)).length

describe('the header of a file', () => {
  it('is read without a byte of data', async () => {
    const { source, asked } = sourceOf(whole)
    await expect(readSafetensorsHeader(source)).resolves.toMatchObject({ headerBytes, fileBytes: whole.length })
    expect(asked).toEqual([8, headerBytes, 'close'])
  })

  it('of a file whose size nobody tells is taken at its word', async () => {
    const { source } = sourceOf(whole.subarray(0, headerBytes), undefined)
    await expect(readSafetensorsHeader({ ...source, fileBytes: () => undefined })).resolves.toMatchObject({
      fileBytes: whole.length,
    })
  })

  const length = (value: bigint): Uint8Array => {
    const file = new Uint8Array(64)
    new DataView(file.buffer).setBigUint64(0, value, true)
    return file
  }

  it.each([
    ['nothing', new Uint8Array(0), { code: 'truncated-header', file: 'a.safetensors', needed: 8, available: 0 }],
    ['half a length', new Uint8Array(7), { code: 'truncated-header', file: 'a.safetensors', needed: 8, available: 7 }],
    [
      'a length and no more',
      length(100n),
      { code: 'truncated-header', file: 'a.safetensors', needed: 108, available: 64 },
    ],
    ['a length of 0', length(0n), { code: 'not-safetensors', file: 'a.safetensors', found: 'nothing' }],
    [
      'a length of 2^64 - 1',
      length(2n ** 64n - 1n),
      { code: 'header-too-large', file: 'a.safetensors', limit: 32 * MIB, found: '18446744073709551615' },
    ],
    [
      'a length of 2^63',
      length(2n ** 63n),
      { code: 'header-too-large', file: 'a.safetensors', limit: 32 * MIB, found: '9223372036854775808' },
    ],
    [
      'a length past the limit',
      length(BigInt(32 * MIB + 1)),
      { code: 'header-too-large', file: 'a.safetensors', limit: 32 * MIB, found: '33554433' },
    ],
    [
      'another kind of file',
      headerFile('GGUF'),
      { code: 'not-safetensors', file: 'a.safetensors', found: '47 47 55 46' },
    ],
    [
      'no data',
      whole.subarray(0, headerBytes),
      { code: 'truncated-data', file: 'a.safetensors', needed: whole.length, available: headerBytes },
    ],
    [
      'a byte too few',
      whole.subarray(0, -1),
      { code: 'truncated-data', file: 'a.safetensors', needed: whole.length, available: whole.length - 1 },
    ],
    [
      'a byte too many',
      new Uint8Array([...whole, 0]),
      { code: 'trailing-data', file: 'a.safetensors', needed: whole.length, available: whole.length + 1 },
    ],
  ])('is refused: %s', async (_, file, issue) => {
    const { source, asked } = sourceOf(file)
    const failure = await readSafetensorsHeader(source).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Exl2Error)
    expect((failure as Exl2Error).issue).toEqual(issue)
    expect(asked.at(-1)).toBe('close')
  })

  it('is not asked for when it is longer than the file', async () => {
    const { source, asked } = sourceOf(length(1000n))
    await expect(readSafetensorsHeader(source)).rejects.toMatchObject({ code: 'truncated-header' })
    expect(asked).toEqual([8, 'close'])
  })

  it('may have a limit of its own', async () => {
    const file = safetensorsFile([tensor('w', 'F16', 4)])
    await expect(readSafetensorsHeader(sourceOf(file).source, { maxHeaderBytes: 16 })).rejects.toMatchObject({
      code: 'header-too-large',
      fields: { limit: 16 },
    })
  })

  it('shows a hostile file name only in safe characters', async () => {
    const { source } = sourceOf(new Uint8Array(0))
    const failure = readSafetensorsHeader({ ...source, fileName: 'a\u{1B}[31m.safetensors' })
    await expect(failure).rejects.toMatchObject({ fields: { file: 'a�[31m.safetensors' } })
  })
})
