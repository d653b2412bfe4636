import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MIB } from '@berth/core'
import { type Handler, type RangeServer, serveFiles, startServer } from '@berth/sources/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type Exl2Folder, readExl2, type ReadExl2Options } from '../read-exl2.ts'
import {
  type Files,
  headerFile,
  inShards,
  llamaConfig,
  llamaFolder,
  llamaTensors,
  safetensorsFile,
  safetensorsJson,
  SEVENTY_B,
  SMALL,
  writeFolder,
} from '../testing/folder.ts'

const servers: RangeServer[] = []
const start = async (handler: Handler): Promise<RangeServer> => {
  const server = await startServer(handler)
  servers.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const encode = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content

/** A hub of one folder at one revision. */
const hubOf = (files: Files, { revision = 'main', folder = '' } = {}): Handler => {
  const at = encodeURIComponent(revision)
  const tree = `/api/models/org/repo/tree/${at}${folder === '' ? '' : `/${encodeURIComponent(folder)}`}?recursive=false&expand=false`
  const prefix = folder === '' ? '' : `${folder}/`
  const served = Object.fromEntries(
    // As a server decodes what it is asked for.
    Object.entries(files).map(([name, content]) => [`/org/repo/resolve/${revision}/${prefix}${name}`, encode(content)]),
  )
  return (exchange) => {
    const { path, response } = exchange
    if (!path.startsWith('/api/')) return serveFiles(served)(exchange)
    if (path !== tree) return void response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end()
    const entries = [
      { type: 'directory', path: `${prefix}onnx`, size: 0, oid: '0' },
      ...Object.entries(files).map(([name, content]) => ({
        type: 'file',
        path: prefix + name,
        size: content.length,
        oid: '0',
      })),
    ]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(entries))
  }
}

const read = (address: string, server: RangeServer, options: Partial<ReadExl2Options> = {}): Promise<Exl2Folder> =>
  readExl2(address, { localFiles: false, endpoint: server.url, ...options })

const small = llamaFolder(SMALL)

describe('a folder on the hub', () => {
  it('is listed and read, with the token', async () => {
    const server = await start(hubOf({ ...small, 'README.md': '#' }))
    const folder = await read('hf:org/repo', server, { token: 'hf_secret' })
    expect(folder).toMatchObject({ address: `${server.url}/org/repo/tree/main`, name: 'repo', requests: 3 })
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/api/models/org/repo/tree/main?recursive=false&expand=false',
      '/org/repo/resolve/main/config.json',
      '/org/repo/resolve/main/output.safetensors',
    ])
    expect(server.seen.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true)
  })

  it('is the same as on a disk', async () => {
    const server = await start(hubOf(small))
    const path = await mkdtemp(join(tmpdir(), 'berth-exl2-'))
    try {
      const local = await readExl2(await writeFolder(path, small), { localFiles: true })
      const { header, sha256, files } = await read('hf:org/repo', server)
      expect({ header, sha256, files }).toEqual({ header: local.header, sha256: local.sha256, files: local.files })
    } finally {
      await rm(path, { recursive: true })
    }
  })

  it.each([
    ['hf:org/repo@4.0bpw', { revision: '4.0bpw' }, '/org/repo/resolve/4.0bpw/config.json'],
    ['hf:org/repo/a b', { folder: 'a b' }, '/org/repo/resolve/main/a%20b/config.json'],
    [
      'https://huggingface.co/org/repo/tree/refs%2Fpr%2F1/4bpw',
      { revision: 'refs/pr/1', folder: '4bpw' },
      '/org/repo/resolve/refs%2Fpr%2F1/4bpw/config.json',
    ],
  ])('%s may be of another revision or further down', async (address, place, path) => {
    const server = await start(hubOf(small, place))
    const folder = await read(address, server)
    expect(folder.header.config).toEqual(llamaConfig(SMALL))
    // What is shown of it can be read again.
    await expect(read(folder.address, server)).resolves.toMatchObject({ sha256: folder.sha256 })
    expect(server.seen[1]!.path).toBe(path)
  })

  it('of 35 GB costs a request a file and its headers', async () => {
    const shards = inShards(llamaTensors(SEVENTY_B), 5)
    const served: Record<string, Uint8Array> = Object.fromEntries(
      shards.map(([name, tensors]) => [name, headerFile(safetensorsJson(tensors))]),
    )
    const sizes = new Map(shards.map(([name, tensors]) => [name, safetensorsFileSize(tensors)]))
    const files: Files = { 'config.json': JSON.stringify(llamaConfig(SEVENTY_B)), ...served }
    const server = await start((exchange) => {
      const { path, range, response } = exchange
      const name = path.slice(path.lastIndexOf('/') + 1)
      const size = sizes.get(name)
      if (size === undefined || range === undefined) return hubOf(files)(exchange)
      const [from, to] = range
      const body = new Uint8Array(to + 1 - from)
      body.set(served[name]!.subarray(from, to + 1))
      response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${size}`, etag: '"one"' }).end(body)
    })
    const folder = await read('hf:org/repo', server)
    expect(folder.requests).toBe(7)
    expect(folder.fileBytes).toBe([...sizes.values()].reduce((sum, size) => sum + size, 0))
    await server.close()
    expect(server.sent()).toBeLessThan(2 * MIB)
  })

  it('keeps the token from where its files are stored', async () => {
    const storage = await start(serveFiles({ '/blob': encode(small['output.safetensors']!) }))
    const server = await start((exchange) => {
      if (!exchange.path.endsWith('.safetensors')) return hubOf(small)(exchange)
      exchange.response.writeHead(302, { location: `${storage.url}/blob?signature=secret` }).end()
    })
    await expect(read('hf:org/repo', server, { token: 'hf_secret' })).resolves.toMatchObject({ requests: 4 })
    expect(storage.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it('shows every address to the guard', async () => {
    const server = await start(hubOf(small))
    const asked: string[] = []
    const allowUrl = (url: URL): boolean => {
      asked.push(url.pathname)
      return !url.pathname.endsWith('.safetensors')
    }
    await expect(read('hf:org/repo', server, { allowUrl })).rejects.toMatchObject({ code: 'address-refused' })
    expect(asked).toEqual([
      '/api/models/org/repo/tree/main',
      '/org/repo/resolve/main/config.json',
      '/org/repo/resolve/main/output.safetensors',
    ])
  })

  it('goes through the fetch that is passed in, its list too', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new Error('not a public address'))
    await expect(readExl2('hf:org/repo', { localFiles: false, fetch })).rejects.toMatchObject({
      code: 'connection-failed',
      fields: { problem: 'not a public address' },
    })
  })
})

const safetensorsFileSize = (tensors: Parameters<typeof safetensorsJson>[0]): number => {
  const json = safetensorsJson(tensors)
  const last = Object.values(JSON.parse(json) as Record<string, { data_offsets?: [number, number] }>).at(-1)
  return 8 + json.length + last!.data_offsets![1]
}

describe('a hub’s refusal', () => {
  it.each([
    [404, 'RepoNotFound', 'repo-not-found'],
    [401, undefined, 'repo-gated'],
    [403, 'GatedRepo', 'repo-gated'],
    [429, undefined, 'rate-limited'],
    [500, undefined, 'server-error'],
  ])('%i %s to list files is %s', async (status, hubCode, code) => {
    const server = await start(
      ({ response }) => void response.writeHead(status, hubCode === undefined ? {} : { 'x-error-code': hubCode }).end(),
    )
    await expect(read('hf:org/repo', server)).rejects.toMatchObject({ code })
  })

  it.each([
    ['gated', 403, { code: 'repo-gated', fields: { repo: 'org/repo', status: 403 } }],
    ['gone', 404, { code: 'not-found' }],
    ['failing', 503, { code: 'server-error' }],
  ])('to give a file that is %s is told', async (_, status, error) => {
    const server = await start((exchange) => {
      if (!exchange.path.endsWith('.safetensors')) return hubOf(small)(exchange)
      exchange.response.writeHead(status).end('{"error":"secret"}')
    })
    const failure = read('hf:org/repo', server)
    await expect(failure).rejects.toMatchObject(error)
    await expect(failure).rejects.not.toThrow(/secret/)
  })

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{"error":"x"}'],
    ['null', 'null'],
  ])('in the shape of a list that is %s is told', async (_, body) => {
    const server = await start(({ response }) => void response.writeHead(200).end(body))
    await expect(read('hf:org/repo', server)).rejects.toMatchObject({ code: 'bad-hub-answer' })
  })

  it('in the shape of odd entries leaves nothing to read', async () => {
    const entries = [
      null,
      5,
      'config.json',
      { type: 'file' },
      { type: 'file', path: '../config.json' },
      { type: 'directory', path: 'config.json' },
    ]
    const server = await start(({ response }) => void response.writeHead(200).end(JSON.stringify(entries)))
    await expect(read('hf:org/repo', server)).rejects.toMatchObject({ code: 'no-config' })
  })

  it('by silence times out', async () => {
    const server = await start(() => {})
    await expect(read('hf:org/repo', server, { timeouts: { responseMs: 50 } })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  it('to serve ranges is borne if the first answer is the whole file', async () => {
    const server = await start((exchange) => {
      if (!exchange.path.endsWith('.safetensors')) return hubOf(small)(exchange)
      const file = safetensorsFile(llamaTensors(SMALL))
      exchange.response.writeHead(200, { 'content-length': file.length }).end(file)
    })
    await expect(read('hf:org/repo', server)).resolves.toMatchObject({ requests: 3 })
  })

  it('to be a config of a sensible size is told by its length', async () => {
    const server = await start((exchange) => {
      if (!exchange.path.endsWith('config.json')) return hubOf(small)(exchange)
      exchange.response.writeHead(206, { 'content-range': `bytes 0-0/${9 * MIB}` }).end('{')
    })
    await expect(read('hf:org/repo', server)).rejects.toMatchObject({
      code: 'limit-exceeded',
      fields: { found: 9 * MIB },
    })
  })

  it('of one file leaves the others, those under way and those to come', async () => {
    const shards = inShards(llamaTensors(SMALL), 8)
    const files: Files = {
      'config.json': JSON.stringify(llamaConfig(SMALL)),
      ...Object.fromEntries(shards.map(([name, tensors]) => [name, safetensorsFile(tensors)])),
    }
    const server = await start((exchange) => {
      const { path, response } = exchange
      if (path.includes('-00001-')) return void setTimeout(() => response.writeHead(500).end(), 100)
      // No answer.
      if (path.endsWith('.safetensors')) return
      hubOf(files)(exchange)
    })
    await expect(read('hf:org/repo', server)).rejects.toMatchObject({ code: 'server-error' })
    expect(server.seen.filter(({ path }) => path.endsWith('.safetensors'))).toHaveLength(4)
  })
})
