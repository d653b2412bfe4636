import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MIB } from '@berth/core'
import { encodedFileBytes, encodeHeader } from '../encode.ts'
import { llama, LLAMA_70B, TINY, tokenizer } from '../testing/models.ts'
import { answerRange, serveFiles, startServer, type Handler, type RangeServer } from '@berth/sources/testing'
import type { ModelFile } from '../model/model-file.ts'
import { readModelFromBytes } from '../model/read-bytes.ts'
import { readModel, type ReadOptions } from '../model/read-model.ts'

vi.setConfig({ testTimeout: 60_000 })

const servers: RangeServer[] = []
const start = async (handler: Handler): Promise<RangeServer> => {
  const server = await startServer(handler)
  servers.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const read = (address: string, options: Partial<ReadOptions> = {}): Promise<ModelFile> =>
  readModel(address, { localFiles: false, ...options })

const small = encodeHeader(llama(TINY))
/** 2.7 MB: reaches into the second request. */
const middle = encodeHeader(llama(TINY, tokenizer(40_000, 12)))
/** Over 14 MB with 128k tokens and their merges. */
const large = encodeHeader(llama(LLAMA_70B, tokenizer(LLAMA_70B.vocab, 26)))

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

describe('a connection', () => {
  const closeAfter = (response: ServerResponse, bytes: Uint8Array): void => {
    response.write(bytes, () => setTimeout(() => response.destroy(), 20))
  }

  it.each([
    ['a range', 206, { 'content-range': range(0, small.length - 1, small.length), 'content-length': small.length }],
    ['a whole file', 200, { 'content-length': small.length }],
  ])('that closes early in %s says how far it came', async (_, status, headers) => {
    const server = await start(({ response }) => {
      response.writeHead(status, headers)
      closeAfter(response, small.subarray(0, 100))
    })
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'connection-closed',
      fields: { received: 100, expected: small.length },
    })
  })

  it('that closes early without having said a length', async () => {
    const server = await start(({ response }) => {
      response.writeHead(200)
      closeAfter(response, small.subarray(0, 100))
    })
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'connection-closed',
      fields: { received: 100, expected: 'unknown' },
    })
  })

  it('that closes after the header is no error', async () => {
    const server = await start(({ response }) => {
      response.writeHead(200, { 'content-length': encodedFileBytes(llama(TINY)) })
      closeAfter(response, small)
    })
    await expect(read(`${server.url}/m.gguf`)).resolves.toMatchObject({ dataMissing: false })
  })

  it('that is closed before any answer has failed', async () => {
    const server = await start(({ response }) => void response.destroy())
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({ code: 'connection-failed' })
  })

  it('to where nobody listens has failed', async () => {
    const server = await start(() => {})
    await server.close()
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'connection-failed',
      fields: { problem: expect.stringContaining('ECONNREFUSED') as string },
    })
  })

  it('without an answer times out', async () => {
    const server = await start(() => {})
    await expect(read(`${server.url}/m.gguf`, { timeouts: { responseMs: 50 } })).rejects.toMatchObject({
      code: 'timeout',
      fields: { phase: 'response', limitMs: 50 },
    })
  })

  it('that stalls times out', async () => {
    const server = await start(({ response }) => {
      response.writeHead(200, { 'content-length': small.length }).write(small.subarray(0, 100))
    })
    await expect(read(`${server.url}/m.gguf`, { timeouts: { stallMs: 50 } })).rejects.toMatchObject({
      code: 'timeout',
      fields: { phase: 'body', limitMs: 50 },
    })
  })

  it('that trickles runs out of time', async () => {
    const server = await start(({ response }) => {
      response.writeHead(200, { 'content-length': small.length })
      let at = 0
      const timer = setInterval(() => response.write(small.subarray(at, ++at)), 10)
      response.on('close', () => clearInterval(timer))
    })
    await expect(read(`${server.url}/m.gguf`, { timeouts: { totalMs: 200 } })).rejects.toMatchObject({
      code: 'timeout',
      fields: { phase: 'total', limitMs: 200 },
    })
  })

  it('can be aborted', async () => {
    const server = await start(() => {})
    const controller = new AbortController()
    const failure = read(`${server.url}/m.gguf`, { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(failure).rejects.toMatchObject({ code: 'aborted' })
    await expect(read(`${server.url}/m.gguf`, { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  })

  it('goes through the fetch that is passed in, and its refusal is told', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new Error('not a public address'))
    await expect(read('https://model.example/m.gguf', { fetch })).rejects.toMatchObject({
      code: 'connection-failed',
      fields: { problem: 'not a public address' },
    })
  })
})

describe('redirects', () => {
  const to =
    (location: string | undefined, status = 302): Handler =>
    ({ response }) => {
      response.writeHead(status, location === undefined ? {} : { location }).end('moved')
    }

  it.each([301, 302, 303, 307, 308])('with status %i are followed, and skipped by later requests', async (status) => {
    const storage = await start(serveFiles({ '/blob/1': middle }))
    const hub = await start(to(`${storage.url}/blob/1?signature=secret`, status))
    const model = await read(`${hub.url}/m.gguf`)
    expect(model).toMatchObject({ fileName: 'm.gguf', address: `${hub.url}/m.gguf`, requests: 3 })
    expect(hub.seen).toHaveLength(1)
    expect(storage.seen.map((request) => request.range)).toEqual([
      `bytes=0-${MIB - 1}`,
      `bytes=${MIB}-${middle.length - 1}`,
    ])
  })

  it('are followed relative to where they are', async () => {
    const server = await start((exchange) =>
      exchange.path === '/a/m.gguf' ? to('../b')(exchange) : serveFiles({ '/b': small })(exchange),
    )
    await expect(read(`${server.url}/a/m.gguf`)).resolves.toMatchObject({ requests: 2 })
  })

  it('are followed 5 times', async () => {
    const server = await start((exchange) => {
      const hop = Number(exchange.path.slice(1))
      if (hop === 5) return answerRange(exchange.response, small, exchange.range)
      to(`/${hop + 1}`)(exchange)
    })
    await expect(read(`${server.url}/0`)).resolves.toMatchObject({ requests: 6 })
  })

  it('are not followed 6 times', async () => {
    const server = await start(to('/again'))
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({
      code: 'too-many-redirects',
      fields: { limit: 5 },
    })
    expect(server.seen).toHaveLength(6)
  })

  it.each([
    ['nowhere', undefined],
    ['what is no URL', 'http://'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:,GGUF'],
    ['a URL with a user', 'http://user@127.0.0.1/'],
    ['a URL with a password', 'http://user:secret@127.0.0.1/'],
  ])('to %s are refused', async (_, location) => {
    const server = await start(to(location))
    await expect(read(`${server.url}/m.gguf`)).rejects.toMatchObject({ code: 'bad-redirect' })
  })

  it('from https to http are refused', async () => {
    const fetch = (): Promise<Response> =>
      Promise.resolve(new Response(undefined, { status: 302, headers: { location: 'http://model.example/m.gguf' } }))
    await expect(read('https://model.example/m.gguf', { fetch })).rejects.toMatchObject({ code: 'bad-redirect' })
  })

  it('are each shown to the guard', async () => {
    const storage = await start(serveFiles({ '/blob': small }))
    const hub = await start(to(`${storage.url}/blob`))
    const asked: string[] = []
    const guard = (allowed: boolean) => (url: URL) => {
      asked.push(url.href)
      return url.origin === hub.url || allowed
    }
    await expect(read(`${hub.url}/m.gguf`, { allowUrl: guard(false) })).rejects.toMatchObject({
      code: 'address-refused',
      fields: { address: `${storage.url}/blob` },
    })
    expect(asked).toEqual([`${hub.url}/m.gguf`, `${storage.url}/blob`])
    expect(storage.seen).toHaveLength(0)
    await expect(read(`${hub.url}/m.gguf`, { allowUrl: guard(true) })).resolves.toMatchObject({ requests: 2 })
  })

  it('are refused with the guard’s own words when it throws', async () => {
    const allowUrl = (): Promise<boolean> => Promise.reject(new Error('10.0.0.1 is private'))
    await expect(read('http://10.0.0.1/m.gguf', { allowUrl })).rejects.toMatchObject({
      code: 'address-refused',
      fields: { problem: '10.0.0.1 is private' },
    })
  })

  it('take the token along within the hub and never beyond', async () => {
    const storage = await start(serveFiles({ '/blob': small }))
    const hub = await start((exchange) =>
      to(exchange.path.endsWith('/renamed') ? `${storage.url}/blob` : '/renamed')(exchange),
    )
    await read('hf:org/repo/m.gguf', { endpoint: hub.url, token: 'hf_secret' })
    expect(hub.seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/org/repo/resolve/main/m.gguf', 'Bearer hf_secret'],
      ['/renamed', 'Bearer hf_secret'],
    ])
    expect(storage.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it('back to the hub do not bring the token back', async () => {
    const hub = await start((exchange) => {
      if (exchange.path === '/back') return answerRange(exchange.response, small, exchange.range)
      to(`${storage.url}/away`)(exchange)
    })
    const storage = await start((exchange) => to(`${hub.url}/back`)(exchange))
    await read('hf:org/repo/m.gguf', { endpoint: hub.url, token: 'hf_secret' })
    expect(hub.seen.map(({ authorization }) => authorization)).toEqual(['Bearer hf_secret', undefined])
  })

  it('are not needed to keep the token from other servers', async () => {
    const server = await start(serveFiles({ '/m.gguf': small }))
    await read(`${server.url}/m.gguf`, { token: 'hf_secret' })
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })
})
