import { gzipSync } from 'node:zlib'
import { MIB } from '@berth/core'
import { answerRange, serveFiles, type Handler } from '@berth/sources/testing'
import { describe, expect, it, vi } from 'vitest'
import { encodedFileBytes } from '../encode.ts'
import { readModelFromBytes } from '../model/read-bytes.ts'
import { llama, TINY } from '../testing/models.ts'
import { large, middle, read, small, startsServers } from '../testing/reading.ts'

vi.setConfig({ testTimeout: 60_000 })

const start = startsServers()

const range = (from: number, to: number, total: number | '*'): string => `bytes ${from}-${to}/${total}`

describe('a server that answers ranges', () => {
  it.each([
    ['a small header', small, 1],
    ['a header of 2.7 MB', middle, 2],
    ['a header of 14 MB', large, 3],
  ])('gives %s', async (_, bytes, requests) => {
    const server = await start(serveFiles({ '/m.gguf': bytes }))
    const model = await read(`${server.url}/m.gguf?download=true`)
    expect(model.requests).toBe(requests)
    expect(server.seen).toHaveLength(requests)
    expect(model).toEqual({
      ...(await readModelFromBytes(bytes, { fileName: 'm.gguf' })),
      requests,
      address: `${server.url}/m.gguf`,
    })
  })

  it('is asked for a header of 14 MB, 3 times, and no byte twice', async () => {
    expect(large.length).toBeGreaterThan(14e6)
    const server = await start(serveFiles({ '/m.gguf': large }))
    await read(`${server.url}/m.gguf`)
    expect(server.seen.map((request) => request.range)).toEqual([
      `bytes=0-${MIB - 1}`,
      `bytes=${MIB}-${8 * MIB - 1}`,
      `bytes=${8 * MIB}-${large.length - 1}`,
    ])
  })

  it('is left as soon as the header is complete', async () => {
    const file = new Uint8Array(60 * MIB)
    file.set(middle)
    const server = await start(serveFiles({ '/m.gguf': file }))
    const model = await read(`${server.url}/m.gguf`)
    expect(model.requests).toBe(2)
    await server.close()
    // Of the 7 MiB asked for in the second request only what the header needs, and what was under way.
    expect(server.sent()).toBeLessThan(8 * MIB + 4096)
    expect(model.fileBytes).toBe(60 * MIB)
  })

  it('may name no size and answer with less than it was asked for', async () => {
    const server = await start(({ response, range: asked }) => {
      const [from] = asked!
      const to = Math.min(from + 299_999, middle.length - 1)
      response.writeHead(206, { 'content-range': range(from, to, '*') }).end(middle.subarray(from, to + 1))
    })
    const model = await read(`${server.url}/m.gguf`)
    expect(model.header).toEqual((await readModelFromBytes(middle)).header)
    expect(model.requests).toBe(Math.ceil(middle.length / 300_000))
  })
})

describe('a server that ignores ranges', () => {
  const whole =
    (bytes: Uint8Array, headers: Record<string, string | number>): Handler =>
    ({ response }) => {
      response.writeHead(200, headers).end(bytes)
    }

  it('is read as far as the header reaches, in one request', async () => {
    const file = new Uint8Array(200 * MIB)
    file.set(middle)
    const server = await start(whole(file, { 'content-length': file.length }))
    const model = await read(`${server.url}/m.gguf`)
    expect(model.requests).toBe(1)
    expect(model.fileBytes).toBe(file.length)
    await server.close()
    expect(server.sent()).toBeLessThan(file.length / 2)
  })

  it('may not say how long the file is', async () => {
    const server = await start(whole(small, { 'transfer-encoding': 'chunked' }))
    const model = await read(`${server.url}/m.gguf`)
    expect(model).toMatchObject({ requests: 1, dataMissing: false, fileBytes: encodedFileBytes(llama(TINY)) })
    expect(model.header).toEqual((await readModelFromBytes(small)).header)
  })

  it('may compress it unasked', async () => {
    const packed = gzipSync(middle)
    const server = await start(whole(packed, { 'content-encoding': 'gzip', 'content-length': packed.length }))
    const model = await read(`${server.url}/m.gguf`)
    expect(packed.length).toBeLessThan(middle.length)
    expect(model.header).toEqual((await readModelFromBytes(middle)).header)
  })

  it('from the second request on is an error', async () => {
    const server = await start(({ response, range: asked, index }) =>
      index === 0 ? answerRange(response, middle, asked) : void response.writeHead(200).end(middle),
    )
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'range-ignored',
      fields: { address: `${server.url}/m.gguf`, from: MIB },
    })
  })

  it('cannot send a header past the limit', async () => {
    const server = await start(whole(middle, { 'content-length': middle.length }))
    await expect(read(`${server.url}/m.gguf`, { maxHeaderBytes: MIB as never })).rejects.toMatchObject({
      code: 'header-too-large',
      fields: { limit: MIB },
    })
  })
})

describe('a status', () => {
  it.each([
    [400, 'unexpected-status', { status: 400 }],
    [401, 'unauthorized', {}],
    [403, 'forbidden', {}],
    [404, 'not-found', {}],
    [410, 'not-found', {}],
    [416, 'range-not-satisfiable', { from: 0 }],
    [429, 'rate-limited', { retryAfter: '7' }],
    [500, 'server-error', { status: 500 }],
    [503, 'server-error', { status: 503 }],
    [204, 'unexpected-status', { status: 204 }],
    [304, 'unexpected-status', { status: 304 }],
  ])('%i is the error %s, whatever the body says', async (status, code, fields) => {
    const server = await start(({ response }) => {
      response.writeHead(status, { 'retry-after': '7' })
      response.end(status === 204 || status === 304 ? undefined : 'GGUF secret')
    })
    const failure = read(`${server.url}/m.gguf?signature=secret`)
    await expect(failure).rejects.toMatchObject({ code, fields: { address: `${server.url}/m.gguf`, ...fields } })
    await expect(failure).rejects.not.toThrow(/secret/)
    expect(server.seen).toHaveLength(1)
  })
})

describe('a wrong answer', () => {
  const answer =
    (contentRange: string | undefined, body: Uint8Array = small): Handler =>
    ({ response }) => {
      response.writeHead(206, contentRange === undefined ? {} : { 'content-range': contentRange }).end(body)
    }

  it.each([
    ['without Content-Range', undefined],
    ['from another place', range(1, 100, small.length)],
    ['of more than was asked for', range(0, MIB, 2 * MIB)],
    ['that ends beyond the file', range(0, 100, 50)],
    ['in other units', 'items 0-5/10'],
    ['of a size beyond 2^53', 'bytes 0-5/99999999999999999999'],
    ['that is noise', 'bytes */*'],
  ])('%s is refused', async (_, contentRange) => {
    const server = await start(answer(contentRange))
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'bad-range-answer',
      fields: { problem: expect.stringContaining('Content-Range') as string },
    })
  })

  it.each([
    ['that ends before it begins', range(MIB, MIB - 1, middle.length)],
    ['that begins anew', range(0, MIB - 1, middle.length)],
  ])('%s is refused', async (_, contentRange) => {
    const server = await start(({ response, range: asked, index }) => {
      if (index === 0) return answerRange(response, middle, asked)
      response.writeHead(206, { 'content-range': contentRange, etag: '"one"' }).end()
    })
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'bad-range-answer',
      fields: { problem: expect.stringContaining(contentRange) as string },
    })
  })

  it('with a body longer than its range is refused', async () => {
    const server = await start(answer(range(0, 99, middle.length), middle.subarray(0, 200)))
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'bad-range-answer',
      fields: { problem: 'it holds more than the range it names' },
    })
  })

  it('that is encoded is refused', async () => {
    const server = await start(({ response }) => {
      const headers = { 'content-range': range(0, small.length - 1, small.length), 'content-encoding': 'br' }
      response.writeHead(206, headers).end(small)
    })
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({ code: 'bad-range-answer' })
  })

  it('of slivers is given up after 16 requests', async () => {
    const server = await start(({ response, range: asked }) =>
      answerRange(response, middle, [asked![0], asked![0]] as const),
    )
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({ code: 'bad-range-answer' })
    expect(server.seen).toHaveLength(16)
  })

  it.each([
    ['size', `bytes ${MIB}-${MIB + 9}/${middle.length + 1}`, '"one"'],
    ['ETag', `bytes ${MIB}-${MIB + 9}/${middle.length}`, '"two"'],
  ])('of another %s than before means that the file changed', async (_, contentRange, etag) => {
    const server = await start(({ response, range: asked, index }) => {
      if (index === 0) return answerRange(response, middle, asked)
      response.writeHead(206, { 'content-range': contentRange, etag }).end(middle.subarray(MIB, MIB + 10))
    })
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({ code: 'changed-during-read' })
  })

  it('that is a web page is no GGUF file', async () => {
    const server = await start(({ response }) => void response.writeHead(200).end('<!doctype html>'))
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'not-gguf',
      fields: { found: '3c 21 64 6f' },
    })
  })
})
