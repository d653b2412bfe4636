import { mkdtemp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodedFileBytes, encodeHeader, writeSparseFile, type EncodableHeader } from '../encode.ts'
import { llama, LLAMA_70B, llamaMetadata, split, TINY, tokenizer, u32 } from '../testing/models.ts'
import { answerRange, serveFiles, startServer } from '@berth/sources/testing'
import type { ModelFile } from './model-file.ts'
import { readModelFromBytes } from './read-bytes.ts'
import { readModel } from './read-model.ts'

// Tens of megabytes are written and read, maybe on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-gguf-'))
})
afterAll(() => rm(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)
const read = (name: string): Promise<ModelFile> => readModel(at(name), { localFiles: true })

describe('a local file', () => {
  it('of 40 GB is read by its header', async () => {
    const header = llama(LLAMA_70B, tokenizer(LLAMA_70B.vocab, 20))
    const size = await writeSparseFile(at('70b.gguf'), header)
    const model = await read('70b.gguf')
    expect(size).toBeGreaterThan(40e9)
    expect(model).toMatchObject({
      address: at('70b.gguf'),
      fileName: '70b.gguf',
      shards: [{ name: '70b.gguf', bytes: size }],
      fileBytes: size,
      dataMissing: false,
      requests: 0,
    })
    expect(model.header.tensors).toEqual(header.tensors)
    expect(model.sha256).toBe(createHash('sha256').update(model.trimmed).digest('hex'))
    await expect(readModel(pathToFileURL(at('70b.gguf')).href, { localFiles: true })).resolves.toEqual(model)
  })

  it('without its data is told apart, and sized by what its header implies', async () => {
    await writeFile(at('header.gguf'), encodeHeader(llama(TINY)))
    const size = encodedFileBytes(llama(TINY))
    expect(await read('header.gguf')).toMatchObject({ dataMissing: true, fileBytes: size, shards: [{ bytes: size }] })
  })

  it.each([
    ['a byte more than its header', encodeHeader(llama(TINY)).length + 1],
    ['a byte less than its data', encodedFileBytes(llama(TINY)) - 1],
  ])('of %s is cut off', async (_, size) => {
    const whole = await writeSparseFile(at('cut.gguf'), llama(TINY))
    await truncate(at('cut.gguf'), size)
    await expect(read('cut.gguf')).rejects.toMatchObject({
      code: 'truncated-data',
      fields: { needed: whole, available: size },
    })
  })

  it('may lack the padding after its last tensor', async () => {
    const header: EncodableHeader = { metadata: {}, tensors: [{ name: 'a', shape: [3], type: 'f32' }] }
    const size = await writeSparseFile(at('unpadded.gguf'), header)
    await truncate(at('unpadded.gguf'), size - 20)
    expect(await read('unpadded.gguf')).toMatchObject({ dataMissing: false, fileBytes: size - 20 })
    await truncate(at('unpadded.gguf'), size - 21)
    await expect(read('unpadded.gguf')).rejects.toMatchObject({ code: 'truncated-data' })
  })

  it('that is not there, is a folder, is empty or is something else is an error of its own', async () => {
    await writeFile(at('empty.gguf'), '')
    await writeFile(at('text.gguf'), 'hello, this is no model')
    await mkdir(at('folder.gguf'))
    await symlink(at('loop.gguf'), at('loop.gguf'))
    await expect(read('absent.gguf')).rejects.toMatchObject({
      code: 'not-found',
      fields: { address: at('absent.gguf') },
    })
    await expect(read('text.gguf/m.gguf')).rejects.toMatchObject({ code: 'not-found' })
    await expect(read('folder.gguf')).rejects.toMatchObject({ code: 'not-readable', fields: { problem: 'a folder' } })
    await expect(read('loop.gguf')).rejects.toMatchObject({ code: 'not-readable', fields: { problem: 'ELOOP' } })
    await expect(read('empty.gguf')).rejects.toMatchObject({ code: 'truncated-header', fields: { available: 0 } })
    await expect(read('text.gguf')).rejects.toMatchObject({ code: 'not-gguf' })
  })

  it.skipIf(process.platform === 'win32')('that is a pipe or a device does not hang', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', at('pipe.gguf')])
    await expect(read('pipe.gguf')).rejects.toMatchObject({ code: 'not-readable', fields: { problem: 'not a file' } })
    await expect(readModel('/dev/zero', { localFiles: true })).rejects.toMatchObject({ code: 'not-readable' })
  })

  it('is not read for those who may not', async () => {
    for (const address of [at('header.gguf'), 'file:///etc/passwd', '../../etc/passwd']) {
      await expect(readModel(address, { localFiles: false })).rejects.toMatchObject({ code: 'address-refused' })
    }
  })

  it('passes the limit on headers only if it is told to', async () => {
    await writeFile(at('header.gguf'), encodeHeader(llama(TINY)))
    const limited = readModel(at('header.gguf'), { localFiles: true, maxHeaderBytes: 500 as never })
    await expect(limited).rejects.toMatchObject({ code: 'header-too-large', fields: { limit: 500 } })
  })
})

describe('bytes at hand', () => {
  it('may be the beginning of a file whose size is told', async () => {
    const header = llama(TINY)
    const bytes = encodeHeader(header)
    const fileBytes = encodedFileBytes(header)
    await expect(readModelFromBytes(bytes, { fileName: 'm.gguf', fileBytes })).resolves.toMatchObject({
      fileName: 'm.gguf',
      dataMissing: false,
      fileBytes,
    })
    const short = readModelFromBytes(bytes.subarray(0, 1000), { fileBytes })
    await expect(short).rejects.toMatchObject({ code: 'truncated-header', fields: { available: 1000 } })
  })

  it('cannot be one part of a split file', async () => {
    const [first, second] = split(llama(TINY), 2).map(encodeHeader)
    const part = (bytes: Uint8Array, number: number): Promise<ModelFile> =>
      readModelFromBytes(bytes, { fileName: `m-0000${number}-of-00002.gguf` })
    await expect(part(first!, 1)).rejects.toMatchObject({
      code: 'missing-shard',
      fields: { shard: 'm-00002-of-00002.gguf', number: 2, count: 2 },
    })
    await expect(part(second!, 2)).rejects.toMatchObject({ code: 'missing-shard', fields: { number: 1 } })
  })
})

describe('a split file', () => {
  const whole = llama(TINY, tokenizer(9000, 5))
  const names = [1, 2, 3].map((number) => `m-0000${number}-of-00003.gguf`)
  const write = async (name: string, shards: readonly EncodableHeader[]): Promise<readonly number[]> => {
    await mkdir(at(name), { recursive: true })
    return Promise.all(shards.map((shard, index) => writeSparseFile(join(folder, name, names[index]!), shard)))
  }

  it.each(names)('is read together, given %s', async (name) => {
    const sizes = await write('split', split(whole, 3))
    const model = await read(join('split', name))
    const single = await readModelFromBytes(encodeHeader(whole))
    expect(model.header).toEqual(single.header)
    expect(model.trimmed).toEqual(single.trimmed)
    expect(model.sha256).toBe(single.sha256)
    expect(model.shards).toEqual(names.map((shard, index) => ({ name: shard, bytes: sizes[index] })))
    expect(model.fileBytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
  })

  it('may have no tensors in its first part', async () => {
    const [first, ...rest] = split(whole, 3)
    const metadata = { ...first!.metadata, 'split.tensors.count': { type: 'i32', value: 0 } } as const
    const tensors = rest.flatMap((shard) => shard.tensors)
    const counted = { ...metadata, 'split.tensors.count': { type: 'i32', value: tensors.length } } as const
    await write('no-tensor-first', [{ metadata: counted, tensors: [] }, ...rest])
    expect((await read(join('no-tensor-first', names[0]!))).header.tensors).toEqual(tensors)
  })

  it('is read over HTTP, its parts beside each other', async () => {
    const files = Object.fromEntries(
      split(whole, 3).map((shard, index) => [`/a b/${names[index]}`, encodeHeader(shard)] as const),
    )
    const server = await startServer(serveFiles(files))
    try {
      const model = await readModel(`${server.url}/a%20b/${names[1]}?x=1`, { localFiles: false })
      expect(model).toMatchObject({ requests: 3, fileName: names[0], header: { tensors: whole.tensors } })
      expect(server.seen.map(({ path }) => path)).toEqual([
        `/a%20b/${names[1]}?x=1`,
        `/a%20b/${names[0]}?x=1`,
        `/a%20b/${names[2]}?x=1`,
      ])
      delete files[`/a b/${names[2]}`]
      await expect(readModel(`${server.url}/a%20b/${names[1]}`, { localFiles: false })).rejects.toMatchObject({
        code: 'missing-shard',
        fields: { shard: names[2], number: 3, count: 3 },
      })
    } finally {
      await server.close()
    }
  })

  it('does not wait for its other parts once one has failed', async () => {
    const [first] = split(whole, 3).map(encodeHeader)
    const closed: string[] = []
    const waiting: (() => void)[] = []
    const server = await startServer(({ response, path, range }) => {
      if (path === `/${names[0]}`) return answerRange(response, first!, range)
      if (path === `/${names[1]}`) waiting.push(() => response.writeHead(404).end())
      else response.on('close', () => closed.push(path))
      // The second is refused once the third, which is never answered, is asked for.
      if (server.seen.length === 3) waiting.forEach((refuse) => refuse())
    })
    try {
      await expect(readModel(`${server.url}/${names[0]}`, { localFiles: false })).rejects.toMatchObject({
        code: 'missing-shard',
        fields: { shard: names[1] },
      })
      await vi.waitFor(() => expect(closed).toEqual([`/${names[2]}`]))
    } finally {
      await server.close()
    }
  })

  it('is bounded as a whole', async () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      name: `tensor.${index}`,
      shape: [32],
      type: 'f32' as const,
    }))
    const shards = split({ metadata: {}, tensors: many }, 3)
    await write('bounded', shards)
    const each = Math.max(...shards.map((shard) => encodeHeader(shard).length))
    const limited = (maxHeaderBytes: number): Promise<ModelFile> =>
      readModel(at(join('bounded', names[0]!)), { localFiles: true, maxHeaderBytes: maxHeaderBytes as never })
    await expect(limited(each)).rejects.toMatchObject({
      code: 'header-too-large',
      fields: { field: 'the shards together', limit: 2 * each },
    })
    await expect(limited(2 * each)).resolves.toMatchObject({ header: { tensors: many } })
  })

  it('with a part missing names it', async () => {
    await write('missing', split(whole, 3))
    await rm(join(folder, 'missing', names[1]!))
    await expect(read(join('missing', names[0]!))).rejects.toMatchObject({
      code: 'missing-shard',
      fields: { shard: names[1], number: 2, count: 3 },
    })
  })

  it.each<[string, (shards: readonly EncodableHeader[]) => readonly EncodableHeader[], object]>([
    [
      'parts in another order',
      ([a, b, c]) => [a!, c!, b!],
      { code: 'shard-mismatch', fields: { shard: names[1], problem: 'says it is 3 of 3, but is read as 2 of 3' } },
    ],
    [
      'a part that is not split',
      ([a, b]) => [a!, b!, llama(TINY)],
      { code: 'shard-mismatch', fields: { shard: names[2], problem: 'is not split, but is read as 3 of 3' } },
    ],
    [
      'a part of another split',
      ([a, b]) => [a!, b!, split(whole, 4)[2]!],
      { code: 'shard-mismatch', fields: { problem: 'says it is 3 of 4, but is read as 3 of 3' } },
    ],
    [
      'a tensor twice',
      ([a, b, c]) => [a!, { ...b!, tensors: a!.tensors }, c!],
      { code: 'duplicate-tensor', fields: { tensor: 'token_embd.weight' } },
    ],
    [
      'a tensor too few',
      ([a, b, c]) => [a!, b!, { ...c!, tensors: c!.tensors.slice(1) }],
      { code: 'shard-mismatch', fields: { problem: 'has split.tensors.count 21, the shards list 20' } },
    ],
    [
      'a part whose number is beyond its count',
      ([a, b, c]) => [{ ...a!, metadata: { ...a!.metadata, 'split.no': u32(3) } }, b!, c!],
      { code: 'shard-mismatch', fields: { problem: 'has split.no 3 of 3' } },
    ],
    [
      'a count that is no number',
      ([a, b, c]) => [{ ...a!, metadata: { ...a!.metadata, 'split.count': { type: 'f32', value: 3 } } }, b!, c!],
      { code: 'shard-mismatch', fields: { problem: 'has split.count of type f32, not a count' } },
    ],
    [
      'a negative count',
      ([a, b, c]) => [{ ...a!, metadata: { ...a!.metadata, 'split.count': { type: 'i32', value: -3 } } }, b!, c!],
      { code: 'shard-mismatch' },
    ],
    [
      '65,535 parts',
      ([a, b, c]) => [{ ...a!, metadata: { ...a!.metadata, 'split.count': { type: 'u16', value: 65_535 } } }, b!, c!],
      { code: 'limit-exceeded', fields: { field: 'split.count', limit: 1000 } },
    ],
  ])('with %s is refused', async (name, change, error) => {
    await write(name, change(split(whole, 3)))
    await expect(read(join(name, names[0]!))).rejects.toMatchObject(error)
  })

  it('must be named as its header says', async () => {
    const [first] = split(whole, 3)
    for (const name of ['renamed.gguf', 'm-00002-of-00003.gguf', 'm-00001-of-00004.gguf']) {
      await writeSparseFile(at(name), first!)
      await expect(read(name)).rejects.toMatchObject({ code: 'shard-mismatch', fields: { shard: name } })
    }
  })

  it('in one part is whole under any name', async () => {
    const metadata = { ...llamaMetadata(TINY), 'split.no': u32(0), 'split.count': u32(1) }
    await writeSparseFile(at('merged.gguf'), { metadata, tensors: whole.tensors })
    const { header } = await read('merged.gguf')
    expect(header.metadata).not.toHaveProperty('split.count')
  })
})
