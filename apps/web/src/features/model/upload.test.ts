import { afterEach, describe, expect, it, vi } from 'vitest'
import { uploadHeader } from './upload.ts'

const MIB = 1024 ** 2
const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ code, detail: `because of ${code}` }), { status })
const fine = () => new Response(JSON.stringify({ model: { id: 'm1' }, created: true }), { status: 201 })

const fileOf = (size: number): File => {
  const file = new File(['GGUF'], 'a model.gguf')
  Object.defineProperty(file, 'size', { value: size })
  file.slice = (start = 0, end = size) => {
    const blob = new Blob([])
    Object.defineProperty(blob, 'size', { value: Math.min(end, size) - start })
    return blob
  }
  return file
}

const answering = (...answers: readonly Response[]) => {
  const queue = [...answers]
  const fetcher = vi.fn((_url: string, _init: RequestInit) =>
    Promise.resolve(queue.shift() ?? problem(500, 'internal')),
  )
  vi.stubGlobal('fetch', fetcher)
  return () => fetcher.mock.calls.map(([url, init]) => [url, (init.body as Blob).size])
}

afterEach(() => vi.unstubAllGlobals())

describe('uploadHeader', () => {
  it('sends the leading bytes only, and says how large the file is', async () => {
    const sent = answering(fine())
    await expect(uploadHeader(fileOf(40_000 * MIB), () => {})).resolves.toMatchObject({ created: true })
    expect(sent()).toEqual([[`/api/v1/models/upload?fileName=a+model.gguf&fileBytes=${40_000 * MIB}`, 16 * MIB]])
  })

  it('sends more where the header is longer', async () => {
    const sent = answering(problem(422, 'gguf-truncated-header'), fine())
    await uploadHeader(fileOf(100 * MIB), () => {})
    expect(sent().map(([, size]) => size)).toEqual([16 * MIB, 64 * MIB])
  })

  it.each([
    ['refuses what is no GGUF at once', 100 * MIB, [problem(422, 'gguf-not-gguf')], 'because of gguf-not-gguf', 1],
    [
      'does not ask again when the whole file was sent',
      3 * MIB,
      [problem(422, 'gguf-truncated-header')],
      'because of gguf-truncated-header',
      1,
    ],
    [
      'gives up after the last step',
      100 * MIB,
      [problem(422, 'gguf-truncated-header'), problem(422, 'gguf-truncated-header')],
      'because of gguf-truncated-header',
      2,
    ],
    ['sends nothing of an empty file', 0, [], 'The file is empty.', 0],
  ])('%s', async (_, size, answers, message, requests) => {
    const sent = answering(...answers)
    await expect(uploadHeader(fileOf(size), () => {})).rejects.toThrow(message)
    expect(sent()).toHaveLength(requests)
  })

  it('says when the server is away', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(uploadHeader(fileOf(MIB), () => {})).rejects.toThrow('could not be reached')
  })
})
