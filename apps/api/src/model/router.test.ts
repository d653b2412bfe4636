import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { headerBytes, headerOf, writeModelFile } from '../../test/model-file.ts'
import { rangeServer, type RangeServer } from '../../test/range-server.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const small = headerOf('qwen3-0.6b')
const GIB = 1024 ** 3

let berth: TestServer
let mirror: RangeServer
let hub: RangeServer
beforeAll(async () => {
  const folder = join(tmpdir(), `berth-hub-${process.pid}`)
  await mkdir(folder, { recursive: true })
  await writeModelFile(join(folder, 'small.gguf'), small)
  hub = await rangeServer(folder)
  mirror = await rangeServer(folder, (request, response) => {
    if (request.url?.startsWith('/away') !== true) return false
    response.writeHead(302, { location: 'http://127.0.0.2:9/small.gguf' }).end()
    return true
  })
  berth = await testServer({ allowHosts: [mirror.host], hfEndpoint: hub.url, hfToken: 'hf_server_own' })
})
afterAll(async () => {
  await berth.close()
  await mirror.close()
  await hub.close()
  await rm(join(tmpdir(), `berth-hub-${process.pid}`), { recursive: true, force: true })
})
beforeEach(async () => {
  await berth.database.client.plan.deleteMany()
  await berth.database.client.model.deleteMany()
})

const importAddress = (address: string, token?: string) =>
  berth.call('POST', '/api/v1/models/import', { address, ...(token === undefined ? {} : { token }) })
const list = async (): Promise<Answer> => (await berth.call('GET', '/api/v1/models')).body.items

describe('importing a model', () => {
  it('reads a file below a configured folder by its header', async () => {
    const path = join(berth.modelDir, 'llama-70b.gguf')
    const fileBytes = await writeModelFile(path, headerOf('llama-3.3-70b'))
    const { status, body } = await importAddress(path)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      created: true,
      model: {
        architecture: 'llama',
        blockCount: 80,
        contextLengthTrained: 131_072,
        mainType: 'q4_K',
        fileName: 'llama-70b.gguf',
        fileBytes,
        shards: [{ name: 'llama-70b.gguf', bytes: fileBytes }],
        address: path,
      },
    })
    expect(body.model.weightBytes).toBeGreaterThan(39 * GIB)
    expect(body.model.weightBytes).toBeLessThan(fileBytes)
    expect(await list()).toEqual([body.model])
  })

  it('gives the header back as it was in the file', async () => {
    const path = join(berth.modelDir, 'small.gguf')
    await writeModelFile(path, small)
    const { body } = await importAddress(path)
    const detail = await berth.call('GET', `/api/v1/models/${body.model.id}`)
    expect(detail.body).toEqual({
      ...body.model,
      header: { metadata: small.metadata, tensors: small.tensors, trimmedArrayLengths: {} },
    })
  })

  it('saves the same header once, wherever it is found', async () => {
    await writeModelFile(join(berth.modelDir, 'one.gguf'), small)
    await writeModelFile(join(berth.modelDir, 'two.gguf'), small)
    const first = await importAddress(join(berth.modelDir, 'one.gguf'))
    const second = await importAddress(join(berth.modelDir, 'two.gguf'))
    expect(second.body).toMatchObject({ created: false, model: { id: first.body.model.id, fileName: 'two.gguf' } })
    expect(await list()).toHaveLength(1)
  })

  it('saves it once when imports run at the same time', async () => {
    const path = join(berth.modelDir, 'small.gguf')
    await writeModelFile(path, small)
    const answers = await Promise.all(Array.from({ length: 6 }, () => importAddress(path)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200))
    expect(answers.filter(({ body }) => body.created)).toHaveLength(1)
    expect(await list()).toHaveLength(1)
  })

  it('reads a URL of a host that is allowed, without any token', async () => {
    const { status, body } = await importAddress(`${mirror.url}/other/small.gguf`, 'hf_mine')
    expect({ status, created: body.created }).toEqual({ status: 200, created: true })
    expect(mirror.seen).toEqual([{ path: '/other/small.gguf', authorization: undefined }])
  })

  it('reads a model of the hub that is configured, with the token of the call or else the server’s own', async () => {
    expect((await importAddress('hf:org/repo/small.gguf', 'hf_mine')).status).toBe(200)
    expect(hub.seen.at(-1)).toEqual({ path: '/org/repo/resolve/main/small.gguf', authorization: 'Bearer hf_mine' })
    expect((await importAddress('hf:org/repo/small.gguf')).status).toBe(200)
    expect(hub.seen.at(-1)?.authorization).toBe('Bearer hf_server_own')
    const [row] = await berth.database.client.model.findMany()
    expect(
      Object.values(row ?? {})
        .map(String)
        .join(),
    ).not.toContain('hf_')
  })

  it.each([
    ['a host that is not listed', 'https://example.com/x.gguf', 'gguf-address-refused', 403],
    ['another port of a listed host', 'http://127.0.0.1:9/x.gguf', 'gguf-address-refused', 403],
    ['the server itself by a number', 'http://2130706433/x.gguf', 'gguf-address-refused', 403],
    ['the server itself over IPv6', 'http://[::1]/x.gguf', 'gguf-address-refused', 403],
    ['a cloud’s metadata', 'http://169.254.169.254/latest/meta-data', 'gguf-address-refused', 403],
    ['another scheme', 'ftp://example.com/x.gguf', 'gguf-bad-address', 400],
    ['a URL with a password', 'https://me:secret@huggingface.co/a/b', 'gguf-bad-address', 400],
  ])('does not fetch %s', async (_, address, code, status) => {
    const before = mirror.seen.length + hub.seen.length
    const answer = await importAddress(address)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(JSON.stringify(answer.body)).not.toContain('secret')
    expect(mirror.seen.length + hub.seen.length).toBe(before)
  })

  it('does not follow a redirect to where it may not go', async () => {
    const answer = await importAddress(`${mirror.url}/away/small.gguf`)
    expect(answer).toMatchObject({ status: 403, body: { code: 'gguf-address-refused' } })
    expect(await list()).toEqual([])
  })

  it('reads no file outside the folders, by whatever way it is named', async () => {
    const outside = join(tmpdir(), `berth-outside-${process.pid}.gguf`)
    await writeModelFile(outside, small)
    await symlink(outside, join(berth.modelDir, 'link.gguf'))
    await symlink(tmpdir(), join(berth.modelDir, 'folder'))
    const paths = [
      outside,
      `file://${outside}`,
      join(berth.modelDir, 'link.gguf'),
      join(berth.modelDir, 'folder', `berth-outside-${process.pid}.gguf`),
      `${berth.modelDir}/../berth-outside-${process.pid}.gguf`,
      `${berth.modelDir}-beside/x.gguf`,
      '/etc/passwd',
      '/proc/self/environ',
      'relative.gguf',
    ]
    for (const path of paths) {
      const answer = await importAddress(path)
      expect({ path, status: answer.status, code: answer.body.code }).toEqual({
        path,
        status: 403,
        code: 'path-not-allowed',
      })
    }
    expect(await list()).toEqual([])
    await rm(outside)
  })

  it('reads no shard outside the folders', async () => {
    const outside = join(tmpdir(), `berth-shard-${process.pid}.gguf`)
    const half = Math.ceil(small.tensors.length / 2)
    const parts = [small.tensors.slice(0, half), small.tensors.slice(half)]
    const shard = (index: number) => ({
      ...small,
      metadata: {
        ...(index === 0 ? small.metadata : {}),
        'split.no': index,
        'split.count': 2,
        'split.tensors.count': small.tensors.length,
      },
      tensors: parts[index] ?? [],
    })
    const names = ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'].map((name) => join(berth.modelDir, name))
    await writeModelFile(names[0]!, shard(0))
    await writeModelFile(outside, shard(1))
    await symlink(outside, names[1]!)
    expect(await importAddress(names[0]!)).toMatchObject({ status: 403, body: { code: 'path-not-allowed' } })
    await rm(names[1]!)
    await writeModelFile(names[1]!, shard(1))
    expect((await importAddress(names[0]!)).body).toMatchObject({ created: true, model: { shards: [{}, {}] } })
    await rm(outside)
  })

  it.each([
    ['nothing', 'gguf-not-found', async () => {}],
    ['a folder without a model', 'exl2-no-config', (path: string) => mkdir(path)],
    ['an empty file', 'gguf-truncated-header', (path: string) => writeFile(path, '')],
    ['another format', 'gguf-not-gguf', (path: string) => writeFile(path, 'PK\u0003\u0004 and so on and on')],
    ['half a header', 'gguf-truncated-header', (path: string) => writeFile(path, headerBytes(small).slice(0, 5000))],
  ])('says what is wrong with %s', async (_, code, make) => {
    const path = join(berth.modelDir, `bad-${code}-${Math.random()}.gguf`)
    await make(path)
    expect(await importAddress(path)).toMatchObject({ status: 422, body: { code } })
    expect(await list()).toEqual([])
  })

  it('refuses a file that is no language model', async () => {
    const path = join(berth.modelDir, 'projector.gguf')
    await writeModelFile(path, { ...small, metadata: { 'general.architecture': 'clip' } })
    expect(await importAddress(path)).toMatchObject({ status: 422, body: { code: 'describe-not-a-language-model' } })
    await writeModelFile(path, { ...small, metadata: { 'general.architecture': 'qwen3' } })
    expect(await importAddress(path)).toMatchObject({
      status: 422,
      body: { code: 'describe-missing-key', data: { key: expect.stringContaining('qwen3.') as string } },
    })
  })

  it('stores text out of a header so that it can be stored and shown', async () => {
    const path = join(berth.modelDir, 'nul.gguf')
    await writeModelFile(path, { ...small, metadata: { ...small.metadata, 'general.name': 'a\u0000b\u001B[31m' } })
    const { status, body } = await importAddress(path)
    expect(status).toBe(200)
    expect(body.model.name).toBe('a\uFFFDb\uFFFD[31m')
    const { header } = (await berth.call('GET', `/api/v1/models/${body.model.id}`)).body
    expect(header.metadata['general.name']).toBe('a\u0000b\u001B[31m')
  })

  it('shows numbers that JSON does not have', async () => {
    const path = join(berth.modelDir, 'nan.gguf')
    await writeModelFile(path, {
      ...small,
      metadata: { ...small.metadata, 'x.nan': Number.NaN, 'x.all': [1.5, -Infinity] },
    })
    const { body } = await importAddress(path)
    const { header } = (await berth.call('GET', `/api/v1/models/${body.model.id}`)).body
    expect(header.metadata).toMatchObject({ 'x.nan': 'NaN', 'x.all': [1.5, '-Infinity'] })
  })
})

describe('uploading the beginning of a file', () => {
  const bytes = headerBytes(small)
  const upload = async (body: Uint8Array, query = 'fileName=mine.gguf&fileBytes=5000000000', type?: string) => {
    const answer = await berth.server.inject({
      method: 'POST',
      url: `/api/v1/models/upload?${query}`,
      headers: { host: 'localhost', 'content-type': type ?? 'application/octet-stream' },
      payload: Buffer.from(body),
    })
    return { status: answer.statusCode, body: answer.json() }
  }

  it('saves the model with the size of the whole file', async () => {
    const { status, body } = await upload(bytes)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      created: true,
      model: { fileName: 'mine.gguf', fileBytes: 5_000_000_000, address: 'mine.gguf', architecture: 'qwen3' },
    })
  })

  it('says how many bytes are needed when they do not reach the header’s end', async () => {
    const { status, body } = await upload(bytes.slice(0, 4000))
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'gguf-truncated-header' })
    expect(body.data.needed).toBeGreaterThan(4000)
  })

  it.each([
    ['a size below what was sent', 'fileName=a.gguf&fileBytes=10', 'fileBytes'],
    ['no size', 'fileName=a.gguf', 'fileBytes'],
    ['a name with folders', 'fileName=..%2Fa.gguf&fileBytes=5000000000', 'fileName'],
    ['a name with NUL', 'fileName=a%00.gguf&fileBytes=5000000000', 'fileName'],
  ])('refuses %s', async (_, query, field) => {
    const { status, body } = await upload(bytes, query)
    expect({ status, code: body.code, path: body.fields[0].path }).toEqual({
      status: 400,
      code: 'invalid-input',
      path: field,
    })
  })

  it('refuses another content type, and more than the limit', async () => {
    expect(await upload(bytes, undefined, 'text/plain')).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    })
    const tooMuch = new Uint8Array(64 * 1024 * 1024 + 1)
    expect(await upload(tooMuch)).toMatchObject({ status: 413, body: { code: 'too-large' } })
  })
})

describe('removing a model', () => {
  it('is refused while a plan stands on it, unless the plans go too', async () => {
    const path = join(berth.modelDir, 'small.gguf')
    await writeModelFile(path, small)
    const { model } = (await importAddress(path)).body
    const { machines } = (await berth.call('POST', '/api/v1/sample-lab')).body
    const plan = {
      name: 'mine',
      model: { kind: 'stored', id: model.id },
      machineId: machines[0].id,
      engine: 'llama.cpp',
    }
    const saved = await berth.call('POST', '/api/v1/plans', { ...plan, request: {} })
    expect(saved.status).toBe(201)

    const refused = await berth.call('DELETE', `/api/v1/models/${model.id}`)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'in-use', data: { plans: [{ id: saved.body.id, name: 'mine' }], count: 1 } },
    })
    const machineRefused = await berth.call('DELETE', `/api/v1/machines/${machines[0].id}`)
    expect(machineRefused).toMatchObject({ status: 409, body: { code: 'in-use' } })

    expect((await berth.call('DELETE', `/api/v1/models/${model.id}?withPlans=true`)).status).toBe(200)
    expect((await berth.call('GET', `/api/v1/plans/${saved.body.id}`)).status).toBe(404)
    expect(await berth.call('DELETE', `/api/v1/models/${model.id}`)).toMatchObject({ status: 404 })
    await berth.call('DELETE', '/api/v1/sample-lab')
  })
})
