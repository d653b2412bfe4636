import { MIB } from '@berth/core'
import { answerRange, serveFiles, type Handler } from '@berth/sources/testing'
import { describe, expect, it, vi } from 'vitest'
import { middle, read, small, startsServers } from '../testing/reading.ts'

vi.setConfig({ testTimeout: 60_000 })

const start = startsServers()

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
