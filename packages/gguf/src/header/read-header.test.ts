import { expect, it } from 'vitest'
import { encodeHeader } from '../encode.ts'
import { llama, TINY } from '../testing/models.ts'
import type { HeadSource } from '@berth/sources'
import { readHeader, walkBytes } from './read-header.ts'

const bytes = encodeHeader(llama(TINY))

const sourceOf = (file: Uint8Array): HeadSource & { readonly calls: (number | 'close')[] } => {
  const calls: (number | 'close')[] = []
  return {
    calls,
    fileName: 'm.gguf',
    head: (count) => {
      calls.push(count)
      return Promise.resolve({ bytes: file.subarray(0, count), ended: count >= file.length })
    },
    fileBytes: () => undefined,
    close: () => Promise.resolve(void calls.push('close')),
  }
}

it('asks for no byte beyond the header and closes the source', async () => {
  const source = sourceOf(new Uint8Array([...bytes, ...new Uint8Array(1000)]))
  const { walked } = await readHeader(source)
  expect(walked).toEqual(walkBytes(bytes))
  expect(source.calls.at(-1)).toBe('close')
  expect(source.calls.at(-2)).toBe(walked.headerEnd)
  expect(source.calls.filter((call) => call === 'close')).toHaveLength(1)
})

it('closes the source of a bad header, too', async () => {
  const source = sourceOf(bytes.subarray(0, 1000))
  await expect(readHeader(source)).rejects.toMatchObject({ code: 'truncated-header', fields: { available: 1000 } })
  expect(source.calls.at(-1)).toBe('close')
})

it('closes the source that fails', async () => {
  const source = sourceOf(bytes)
  const failing = { ...source, head: () => Promise.reject(new Error('unplugged')) }
  await expect(readHeader(failing)).rejects.toThrow('unplugged')
  expect(source.calls).toEqual(['close'])
})
