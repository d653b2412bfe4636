import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeHeader } from '../encode.ts'
import { issueFrom } from '../testing/issue-from.ts'
import { llama, split, TINY } from '../testing/models.ts'
import { serveFiles, startServer, type Handler, type RangeServer } from '@berth/sources/testing'
import type { ModelFile } from '../model/model-file.ts'
import { readModel } from '../model/read-model.ts'
import { chooseModel } from './hub-files.ts'

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

const TREE = '/api/models/org/repo/tree/main?recursive=true&expand=false'
const bytes = encodeHeader(llama(TINY))
const entry = (path: string, type = 'file'): object => ({ type, path, size: 1, oid: '0' })

/** A hub of one repository: its file list in pages, and its files. */
const hubOf =
  (pages: readonly (readonly object[])[], files: Readonly<Record<string, Uint8Array>>): Handler =>
  (exchange) => {
    const { path, response } = exchange
    if (!path.startsWith('/api/')) return serveFiles(files)(exchange)
    const page = Number(/cursor=(\d+)/.exec(path)?.[1] ?? 0)
    const more = page + 1 < pages.length
    const host = exchange.request.headers.host
    const link = { link: `<http://${host}${TREE}&cursor=${page + 1}>; rel="next"` }
    response.writeHead(200, { 'content-type': 'application/json', ...(more ? link : {}) })
    response.end(JSON.stringify(pages[page]))
  }

const read = (address: string, server: RangeServer, token?: string): Promise<ModelFile> =>
  readModel(address, { localFiles: false, endpoint: server.url, token })

describe('a quant of a repository', () => {
  it.each(['org/repo:Q4_K_M', 'hf:org/repo:q4_k_m', 'hf.co/org/repo:Q4_K_M', 'https://huggingface.co/org/repo:Q4_K_M'])(
    '%s is found by the file list and read',
    async (address) => {
      const server = await start(
        hubOf(
          [
            [entry('README.md'), entry('Q8_0', 'directory'), entry('mmproj-Q4_K_M.gguf')],
            [entry('m-Q8_0.gguf'), entry('m-Q4_K_M.gguf')],
          ],
          { '/org/repo/resolve/main/m-Q4_K_M.gguf': bytes },
        ),
      )
      const model = await read(address, server, 'hf_secret')
      expect(model).toMatchObject({
        fileName: 'm-Q4_K_M.gguf',
        address: `${server.url}/org/repo/resolve/main/m-Q4_K_M.gguf`,
        requests: 3,
      })
      expect(server.seen.map(({ path }) => path)).toEqual([
        TREE,
        `${TREE}&cursor=1`,
        '/org/repo/resolve/main/m-Q4_K_M.gguf',
      ])
      expect(server.seen.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true)
    },
  )

  it('split into shards is read whole', async () => {
    const path = (number: number): string => `Q4_K_M/m-Q4_K_M-0000${number}-of-00002.gguf`
    const shards = split(llama(TINY), 2).map(encodeHeader)
    const server = await start(
      hubOf([[entry(path(2)), entry(path(1))]], {
        [`/org/repo/resolve/main/${path(1)}`]: shards[0]!,
        [`/org/repo/resolve/main/${path(2)}`]: shards[1]!,
      }),
    )
    const model = await read('org/repo:Q4_K_M', server)
    expect(model.header.tensors).toEqual(llama(TINY).tensors)
    expect(model.shards.map(({ name }) => name)).toEqual([
      'm-Q4_K_M-00001-of-00002.gguf',
      'm-Q4_K_M-00002-of-00002.gguf',
    ])
  })

  it('that is not there is an error with those that are', async () => {
    const server = await start(hubOf([[entry('m-Q8_0.gguf'), entry('m-IQ4_XS.gguf'), entry('odd.gguf')]], {}))
    await expect(read('org/repo:Q4_K_M', server)).rejects.toMatchObject({
      code: 'quant-not-found',
      message: 'Repository org/repo has no Q4_K_M; it has IQ4_XS, Q8_0, odd.gguf.',
      fields: { available: ['IQ4_XS', 'Q8_0', 'odd.gguf'] },
    })
  })

  it('is read past the list’s redirect when a repository was renamed', async () => {
    const server = await start((exchange) => {
      const { path, response } = exchange
      if (path === TREE) return void response.writeHead(307, { location: TREE.replace('repo', 'new') }).end()
      hubOf([[entry('m-Q4_K_M.gguf')]], { '/org/repo/resolve/main/m-Q4_K_M.gguf': bytes })(exchange)
    })
    await expect(read('org/repo:Q4_K_M', server)).resolves.toMatchObject({ requests: 3 })
  })
})

describe('a hub’s refusal', () => {
  const answer =
    (status: number, hubCode?: string): Handler =>
    ({ response }) => {
      response.writeHead(status, hubCode === undefined ? {} : { 'x-error-code': hubCode }).end('{"error":"x"}')
    }

  it.each([
    [404, undefined, 'repo-not-found', { repo: 'org/repo' }],
    [404, 'RepoNotFound', 'repo-not-found', {}],
    [401, 'RepoNotFound', 'repo-not-found', {}],
    [401, undefined, 'repo-gated', { status: 401 }],
    [403, 'GatedRepo', 'repo-gated', { status: 403 }],
    [429, undefined, 'rate-limited', {}],
    [500, undefined, 'server-error', { status: 500 }],
  ])('%i %s to list files is %s', async (status, hubCode, code, fields) => {
    const server = await start(answer(status, hubCode))
    await expect(read('org/repo:Q4_K_M', server)).rejects.toMatchObject({ code, fields })
  })

  it.each([
    [404, 'EntryNotFound', 'not-found'],
    [404, undefined, 'not-found'],
    [404, 'RepoNotFound', 'repo-not-found'],
    [401, undefined, 'repo-gated'],
    [403, 'GatedRepo', 'repo-gated'],
  ])('%i %s to give a file is %s', async (status, hubCode, code) => {
    const server = await start(answer(status, hubCode))
    await expect(read('hf:org/repo/m.gguf', server)).rejects.toMatchObject({ code })
  })

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{"error":"x"}'],
    ['deep', '['.repeat(100_000)],
  ])('in the shape of a list that is %s is told', async (_, body) => {
    const server = await start(({ response }) => void response.writeHead(200).end(body))
    await expect(read('org/repo:Q4_K_M', server)).rejects.toMatchObject({ code: 'bad-hub-answer' })
  })

  it('in the shape of an endless list is given up on', async () => {
    const endless = await start((exchange) =>
      hubOf(
        Array.from({ length: 100 }, () => []),
        {},
      )(exchange),
    )
    await expect(read('org/repo:Q4_K_M', endless)).rejects.toMatchObject({
      code: 'bad-hub-answer',
      fields: { problem: 'it has more than 20 pages' },
    })
    const long = await start(({ response }) => void response.writeHead(200).end(' '.repeat(9 * 2 ** 20)))
    await expect(read('org/repo:Q4_K_M', long)).rejects.toMatchObject({
      code: 'bad-hub-answer',
      fields: { problem: 'it is longer than 8388608 bytes' },
    })
  })

  it('by closing the connection is told', async () => {
    const server = await start(({ response }) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('[', () => setTimeout(() => response.destroy(), 20))
    })
    await expect(read('org/repo:Q4_K_M', server)).rejects.toMatchObject({ code: 'bad-hub-answer' })
  })

  it('skips entries that are no files or lead elsewhere', async () => {
    const odd = [null, 5, 'm-Q4_K_M.gguf', { type: 'file' }, entry('../m-Q4_K_M.gguf'), entry('a//m-Q4_K_M.gguf')]
    const server = await start(hubOf([odd as object[]], {}))
    await expect(read('org/repo:Q4_K_M', server)).rejects.toMatchObject({ code: 'no-gguf-in-repo' })
  })

  it('sends the next page’s request without the token when that is elsewhere', async () => {
    const elsewhere = await start(hubOf([[entry('m-Q4_K_M.gguf')]], {}))
    const server = await start(({ response, path }) => {
      if (path !== TREE) return void response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end()
      response.writeHead(200, { link: `<${elsewhere.url}${TREE}>; rel="next"` }).end('[]')
    })
    await expect(read('org/repo:Q4_K_M', server, 'hf_secret')).rejects.toMatchObject({ code: 'not-found' })
    expect(elsewhere.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })
})

describe('chooseModel', () => {
  const repo = 'org/repo'
  it.each([
    ['a name with dots', ['m.Q4_K_M.gguf', 'm.Q4_K_S.gguf'], 'Q4_K_M', 'm.Q4_K_M.gguf'],
    ['another case', ['m-q4_k_m.gguf', 'm-q8_0.gguf'], 'Q4_K_M', 'm-q4_k_m.gguf'],
    [
      'a quant that ends another’s name',
      ['m-IQ4_NL.gguf', 'm-UD-Q4_K_XL.gguf', 'm-Q4_K_M.gguf'],
      'UD-Q4_K_XL',
      'm-UD-Q4_K_XL.gguf',
    ],
    ['a plain quant beside a dynamic one', ['m-Q4_K_M.gguf', 'm-UD-Q4_K_M.gguf'], 'Q4_K_M', 'm-Q4_K_M.gguf'],
    ['BF16 beside F16', ['m-BF16.gguf', 'm-F16.gguf'], 'F16', 'm-F16.gguf'],
    ['a folder’s name', ['Q4_K_M/m-00001-of-00002.gguf', 'Q8_0/m.gguf'], 'Q4_K_M', 'Q4_K_M/m-00001-of-00002.gguf'],
    ['a quant the library does not know', ['m-IQ4_KSS.gguf', 'm-Q4_K_M.gguf'], 'IQ4_KSS', 'm-IQ4_KSS.gguf'],
    [
      'files that are no models',
      ['mmproj-F16.gguf', 'imatrix-F16.gguf', 'm-F16.gguf', 'mtp-m-F16.gguf'],
      'F16',
      'm-F16.gguf',
    ],
    ['no quant and one model', ['odd.gguf', 'mmproj-odd.gguf'], undefined, 'odd.gguf'],
    ['no quant', ['m-Q8_0.gguf', 'm-Q4_K_M.gguf', 'm-Q2_K.gguf'], undefined, 'm-Q4_K_M.gguf'],
    ['no quant and no Q4_K_M', ['m-Q8_0.gguf', 'm-Q2_K.gguf'], undefined, 'm-Q8_0.gguf'],
  ])('with %s', (_, paths, quant, path) => {
    expect(chooseModel(paths, { repo, quant })).toBe(path)
  })

  it.each([
    ['no GGUF', ['model.safetensors', 'mmproj-F16.gguf'], 'F16', { code: 'no-gguf-in-repo' }],
    ['nothing', [], undefined, { code: 'no-gguf-in-repo' }],
    [
      'two models of one quant',
      ['a-Q4_K_M.gguf', 'b-Q4_K_M.gguf'],
      'Q4_K_M',
      { code: 'quant-ambiguous', quant: 'Q4_K_M', candidates: ['a-Q4_K_M.gguf', 'b-Q4_K_M.gguf'] },
    ],
    [
      'no quant and none that is usual',
      ['m-Q2_K.gguf', 'm-Q6_K.gguf'],
      undefined,
      { code: 'quant-needed', available: ['Q2_K', 'Q6_K'] },
    ],
    ['part of a quant’s name', ['m-Q4_K_M.gguf'], 'Q4_K', { code: 'quant-not-found' }],
    ['a first shard that is missing', ['m-Q4_K_M-00002-of-00002.gguf'], 'Q4_K_M', { code: 'no-gguf-in-repo' }],
  ])('refuses %s', (_, paths, quant, error) => {
    expect(issueFrom(() => chooseModel(paths, { repo, quant }))).toMatchObject(error)
  })
})
