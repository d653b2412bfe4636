import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { twoGpus } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
let url: string
beforeAll(async () => {
  berth = await testServer()
  url = await berth.server.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => berth.close())

const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
  const answer = await fetch(url + path, init)
  const text = await answer.text()
  const body: Answer = text === '' ? undefined : JSON.parse(text)
  return { status: answer.status, headers: answer.headers, body }
}
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  send(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })

describe('other sites’ pages', () => {
  const rename = (headers: Record<string, string>) =>
    berth.server.inject({ method: 'POST', url: '/api/v1/sample-lab', headers: { host: 'localhost:3000', ...headers } })

  it.each([
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }],
    ['an old browser’s other site', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['the same name over https', { origin: 'https://localhost:3000' }],
  ])('change nothing: %s', async (_, headers) => {
    const answer = await rename(headers)
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'cross-site-request' })
    const trpc = await berth.server.inject({
      method: 'POST',
      url: '/trpc/machines.addSampleLab',
      headers: { host: 'localhost:3000', 'content-type': 'application/json', ...headers },
      payload: '{}',
    })
    expect(trpc.statusCode).toBe(403)
    expect((await send('/api/v1/machines')).body.items).toEqual([])
  })

  it('are told apart from this one’s and from scripts', async () => {
    for (const headers of [
      {},
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' },
    ]) {
      expect((await rename(headers)).statusCode).toBe(200)
    }
    await berth.call('DELETE', '/api/v1/sample-lab')
  })

  it('cannot make a name of theirs point here', async () => {
    const ask = async (host: string, server = berth.server) =>
      (await server.inject({ url: '/api/v1/machines', headers: { host } })).statusCode
    for (const host of [
      'evil.example',
      'evil.example:3000',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
    ]) {
      expect({ host, status: await ask(host) }).toEqual({ host, status: 403 })
    }
    for (const host of ['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]', '[::1]:3000']) {
      expect({ host, status: await ask(host) }).toEqual({ host, status: 200 })
    }
    const named = await testServer({ host: '0.0.0.0', publicHosts: ['berth.lab', 'other.lab:8443'] })
    const open = await testServer({ host: '0.0.0.0' })
    expect(await ask('berth.lab', named.server)).toBe(200)
    expect(await ask('Berth.Lab:3000', named.server)).toBe(200)
    expect(await ask('other.lab:8443', named.server)).toBe(200)
    expect(await ask('other.lab:1', named.server)).toBe(403)
    expect(await ask('evil.example', named.server)).toBe(403)
    expect(await ask('anything.lab', open.server)).toBe(200)
    await named.close()
    await open.close()
  })
})

describe('every answer', () => {
  it('carries headers that keep a page to itself', async () => {
    for (const path of ['/healthz', '/api/v1/machines', '/trpc/machines.list', '/nothing']) {
      const { headers } = await send(path)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('strict-transport-security')).toBeNull()
    }
  })

  it('names its request, by the client’s name where that is plain', async () => {
    const id = async (given: string) =>
      (await send('/healthz', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
    expect(await id('trace:1.a-b_c')).toBe('trace:1.a-b_c')
    for (const given of ['', 'a b', '"', 'x'.repeat(65)]) expect(await id(given)).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('hostile requests', () => {
  it.each([
    ['no JSON', '{"text": ', 400, 'malformed-json'],
    ['nothing', '', 400, 'malformed-json'],
    ['a list', '[]', 400, 'invalid-input'],
    ['a number', '7', 400, 'invalid-input'],
    ['a key that would reach a prototype', '{"__proto__": {"text": "x"}, "text": "x"}', 400, 'malformed-json'],
    ['another type', '{"text": 7}', 400, 'invalid-input'],
    ['NUL in the text', String.raw`{"text": "a\u0000b"}`, 400, 'invalid-input'],
    ['JSON nested a million deep', `{"text": ${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, 400, 'invalid-input'],
    ['a document nested a million deep', '['.repeat(1_000_000), 400, 'malformed-json'],
    ['a text beyond its limit', `{"text": "${'x'.repeat(8 * 1024 * 1024 + 1)}"}`, 400, 'invalid-input'],
    ['a body beyond the limit', `{"text": "${'x'.repeat(16 * 1024 * 1024)}"}`, 413, 'too-large'],
  ])('are refused: %s', async (_, body, status, code) => {
    const rest = await post('/api/v1/machines/import', body)
    expect({ status: rest.status, code: rest.body.code }).toEqual({ status, code })
    const trpc = await post('/trpc/machines.import', body)
    expect(trpc.status).toBeGreaterThanOrEqual(400)
    expect(trpc.status).toBeLessThan(500)
    expect(await send('/readyz')).toMatchObject({ status: 200 })
    expect((await send('/api/v1/machines')).body.items).toEqual([])
  })

  it('are refused in another content type', async () => {
    const bodies = [
      ['application/x-www-form-urlencoded', 'text=x'],
      ['text/plain', '{"text":"x"}'],
      ['multipart/form-data; boundary=x', '--x--'],
      ['application/octet-stream', 'x'],
    ]
    for (const [type, body] of bodies) {
      for (const path of ['/api/v1/machines/import', '/trpc/machines.import']) {
        const answer = await post(path, body!, { 'content-type': type! })
        const seen = { type, path, status: answer.status }
        // Bytes are taken as a body by one operation, and are no object to any other.
        const status = type === 'application/octet-stream' && path.startsWith('/api') ? 400 : 415
        expect(seen).toEqual({ type, path, status })
      }
    }
  })

  it('cannot ask for more than a batch of calls', async () => {
    const batchOf = (calls: number) => {
      const input = JSON.stringify(Object.fromEntries(Array.from({ length: calls }, (_, call) => [call, {}])))
      const paths = Array.from({ length: calls }, () => 'machines.list').join(',')
      return send(`/trpc/${paths}?batch=1&input=${encodeURIComponent(input)}`)
    }
    expect((await batchOf(20)).status).toBe(200)
    const refused = await batchOf(21)
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).toContain('Batch call exceeds maximum size')
  })

  it('do not change anything by GET', async () => {
    expect((await send('/trpc/machines.addSampleLab')).status).toBe(405)
    expect((await send('/trpc/machines.addSampleLab?_method=POST')).status).toBe(405)
    expect(await send('/api/v1/sample-lab')).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } })
    expect((await send('/api/v1/machines')).body.items).toEqual([])
  })

  it.each([
    ['/api/v1/machines?limit=0', 400],
    ['/api/v1/machines?limit=1001', 400],
    ['/api/v1/machines?limit=lots', 400],
    ['/api/v1/machines?limit=1&limit=2', 400],
    [`/api/v1/machines?cursor=${'x'.repeat(65)}`, 400],
    ['/api/v1/machines?cursor=%00', 400],
    ['/api/v1/machines/%00', 400],
    ['/api/v1/machines/%ED%A0%80', 400],
    ['/api/v1/machines/..%2f..%2fetc%2fpasswd', 400],
    [`/api/v1/machines/${'x'.repeat(65)}`, 400],
    [`/api/v1/machines/${'x'.repeat(5000)}`, 404],
    ['/api/v1/machines/%E0%A4%A', 400],
    ['/api/v1/machines/__proto__', 404],
    ['/trpc/__proto__', 404],
    ['/trpc/constructor.prototype', 404],
    ['/trpc/machines', 404],
    ['/api/v2/machines', 404],
  ])('%.40s answers %i with a problem', async (path, status) => {
    const answer = await send(path)
    expect(answer.status).toBe(status)
    if (status !== 200) expect(JSON.stringify(answer.body)).toContain('urn:berth:problem:')
  })

  it('do not hold a connection by sending nothing of what they began', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('POST /api/v1/machines/import HTTP/1.1\r\nhost: localhost\r\ncontent-length: nonsense\r\n\r\n')
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect(data.toString()).toMatch(/^HTTP\/1\.1 400/)
    socket.destroy()
  })
})

describe('rates', () => {
  it('are limited for each client, with headers that say so', async () => {
    const limited = await testServer({ rateLimit: 3 })
    const statuses = []
    let last: Answer
    for (let n = 0; n < 4; n++) {
      last = await limited.call('GET', '/api/v1/machines')
      statuses.push(last.status)
    }
    expect(statuses).toEqual([200, 200, 200, 429])
    expect(last.body).toMatchObject({ code: 'rate-limited', data: { limit: 3 } })
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
    expect(last.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '0' })
    expect((await limited.call('GET', '/trpc/machines.list')).status).toBe(429)
    expect((await limited.call('GET', '/healthz')).status).toBe(200)
    await limited.close()
  })

  it('of imports are limited by themselves, over REST and tRPC together', async () => {
    const limited = await testServer({ importRateLimit: 2 })
    const importText = (number: number) =>
      limited.call('POST', '/api/v1/machines/import', { text: twoGpus(number, `lab-${number}`) })
    expect((await importText(1)).status).toBe(200)
    expect((await limited.call('POST', '/trpc/machines.previewImport', { text: twoGpus(1) })).status).toBe(200)
    expect(await importText(2)).toMatchObject({ status: 429, body: { code: 'rate-limited' } })
    expect((await limited.call('GET', '/api/v1/machines')).body.items).toHaveLength(1)
    await limited.close()
  })
})

describe('health', () => {
  it('is told apart from readiness', async () => {
    let draining = false
    let up = true
    const web = { url: 'http://127.0.0.1:9', isUp: () => up, development: false }
    const probed = await testServer({ isDraining: () => draining, web })
    expect(await probed.call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
    up = false
    expect(await probed.call('GET', '/readyz')).toMatchObject({ status: 503, body: { code: 'not-ready' } })
    up = true
    draining = true
    expect(await probed.call('GET', '/readyz')).toMatchObject({ status: 503, body: { code: 'not-ready' } })
    expect((await probed.call('GET', '/healthz')).status).toBe(200)
    expect((await probed.call('GET', '/some/page')).body).toMatchObject({ status: 502, code: 'web-unavailable' })
    expect((await probed.call('GET', '/api/v1/nothing')).status).toBe(404)
    await probed.close()
  })

  it('says no when the database does not answer', async () => {
    const broken = await testServer()
    const unused = () => Promise.reject(new Error('unused'))
    const database = { ...broken.database, ping: () => Promise.reject(new Error('gone')) }
    const capacity = { largest: unused, hosts: unused, 'what-if': unused, upgrades: unused }
    const pool = {
      judge: unused,
      judgeTogether: unused,
      solve: unused,
      pack: unused,
      countReplicas: unused,
      survey: unused,
      cells: unused,
      capacity,
    }
    const probed = await testServer({ services: { database, readModel: unused, ...pool } })
    expect(await probed.call('GET', '/readyz')).toMatchObject({ status: 503, body: { code: 'not-ready' } })
    await probed.close()
    await broken.close()
  })

  it('tells the version', async () => {
    expect((await berth.call('GET', '/api/v1/version')).body).toMatchObject({ version: expect.any(String) as string })
    const { body } = await berth.call('GET', '/api/openapi.json')
    expect(body.openapi).toBe('3.1.0')
  })
})
