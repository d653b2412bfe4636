import type { ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { encodedFileBytes } from '../encode.ts'
import { llama, TINY } from '../testing/models.ts'
import { read, small, startsServers } from '../testing/reading.ts'

vi.setConfig({ testTimeout: 60_000 })

const start = startsServers()

const range = (from: number, to: number, total: number | '*'): string => `bytes ${from}-${to}/${total}`

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
