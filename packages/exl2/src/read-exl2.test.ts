import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describeExl2, GIB, MIB } from '@berth/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exl2Folder, readExl2 } from './read-exl2.ts'
import {
  type Files,
  headerFile,
  inShards,
  llamaConfig,
  llamaFolder,
  llamaTensors,
  QUANTIZATION,
  safetensorsFile,
  safetensorsJson,
  SEVENTY_B,
  SMALL,
  tensor,
  writeFolder,
  writeSparse,
} from './testing/folder.ts'

let root = ''
let made = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'berth-exl2-'))
})
afterAll(() => rm(root, { recursive: true }))

const folder = (files: Files): Promise<string> => writeFolder(join(root, String(made++)), files)
const read = (address: string): Promise<Exl2Folder> => readExl2(address, { localFiles: true })
const small = llamaFolder(SMALL)

describe('a folder on this machine', () => {
  it('is read by its config and its headers', async () => {
    const path = await folder(small)
    const { header, sha256, ...rest } = await read(path)
    const size = (small['output.safetensors'] as Uint8Array).length
    expect(rest).toEqual({
      address: path,
      name: basename(path),
      files: [{ name: 'output.safetensors', bytes: size }],
      fileBytes: size,
      requests: 0,
    })
    expect(header.config).toEqual(llamaConfig(SMALL))
    expect(header.quantization).toEqual(QUANTIZATION)
    expect(header.tensors.map(({ name }) => name)).toEqual(llamaTensors(SMALL).map(({ name }) => name))
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(describeExl2(header)).toMatchObject({
      ok: true,
      value: { architecture: 'LlamaForCausalLM', blockCount: 2, headCountKv: [2, 2] },
    })
  })

  it('is the same by its URL, and as many files', async () => {
    const path = await folder(small)
    const one = await read(path)
    await expect(read(pathToFileURL(path).href)).resolves.toEqual(one)
    const shards = inShards(llamaTensors(SMALL), 3)
    const many = await read(
      await folder({
        'config.json': small['config.json']!,
        ...Object.fromEntries(shards.map(([name, tensors]) => [name, safetensorsFile(tensors)])),
      }),
    )
    expect(many.files.map(({ name }) => name)).toEqual(shards.map(([name]) => name))
    expect(many.header).toEqual(one.header)
    expect(many.sha256).toBe(one.sha256)
  })

  it('of 35 GB is read by its headers', async () => {
    const path = await folder({ 'config.json': JSON.stringify(llamaConfig(SEVENTY_B)) })
    for (const [name, tensors] of inShards(llamaTensors(SEVENTY_B), 5)) await writeSparse(join(path, name), tensors)
    const { fileBytes, header, files } = await read(path)
    expect(files).toHaveLength(5)
    expect(fileBytes).toBeGreaterThan(34 * GIB)
    const described = describeExl2(header)
    expect(described).toMatchObject({ ok: true, value: { otherBytes: 0, quantization: { statedBits: 4 } } })
    // Four bits, a scale of four for 128 rows, and 32 for each row's place.
    expect(described.ok && described.value.quantization.bits).toBeCloseTo(4.034, 3)
  })

  it('may keep an index that belongs to another model, and other files', async () => {
    const stale = { weight_map: { 'model.norm.weight': 'model-00030-of-00030.safetensors' } }
    const path = await folder({
      ...small,
      'model.safetensors.index.json': JSON.stringify(stale),
      'tokenizer.json': 'x',
      'a.bin': 'x',
    })
    const { header } = await read(path)
    expect(header).toEqual((await read(await folder(small))).header)
  })

  it('may say how it was quantized in a file of its own, less its list of tensors', async () => {
    const { quantization_config: _, ...config } = llamaConfig(SMALL)
    const quantization = { quant_method: 'exl3', bits: 3, tensor_storage: { lm_head: {} } }
    const files = { ...small, 'config.json': JSON.stringify(config) }
    await expect(
      read(await folder({ ...files, 'quantization_config.json': JSON.stringify(quantization) })),
    ).resolves.toMatchObject({
      header: { quantization: { quant_method: 'exl3', bits: 3 } },
    })
    await expect(read(await folder(files))).resolves.toMatchObject({ header: { quantization: {} } })
  })

  it('may hold links to its files', async () => {
    const path = await folder(small)
    const linked = await folder({ 'config.json': small['config.json']! })
    await symlink(join(path, 'output.safetensors'), join(linked, 'output.safetensors'))
    await expect(read(linked)).resolves.toMatchObject({ sha256: (await read(path)).sha256 })
  })

  it('is refused where paths are not read', async () => {
    await expect(readExl2(root, { localFiles: false })).rejects.toMatchObject({ code: 'address-refused' })
  })
})

describe('a folder that cannot be read', () => {
  it.each([
    ['is not there', () => join(root, 'none'), { code: 'not-found' }],
    [
      'is a file',
      async () => join(await folder(small), 'config.json'),
      { code: 'not-readable', fields: { problem: 'not a folder' } },
    ],
  ])('%s', async (_, path, error) => {
    await expect(read(await path())).rejects.toMatchObject(error)
  })

  const { 'config.json': config, 'output.safetensors': weights } = small as {
    'config.json': string
    'output.safetensors': Uint8Array
  }
  const shards = Object.fromEntries(
    inShards(llamaTensors(SMALL), 3).map(([name, tensors]) => [name, safetensorsFile(tensors)]),
  )
  const { 'output-00002-of-00003.safetensors': _, ...incomplete } = shards

  it.each([
    ['no config.json', { 'output.safetensors': weights }, { code: 'no-config' }],
    ['no safetensors file', { 'config.json': config, 'model.gguf': 'GGUF' }, { code: 'no-safetensors' }],
    [
      'a shard too few',
      { 'config.json': config, ...incomplete },
      { code: 'missing-shard', message: 'File 2 of 3 is missing: output-00002-of-00003.safetensors.' },
    ],
    [
      'a name of too many shards',
      { 'config.json': config, 'a-00001-of-99999.safetensors': weights },
      { code: 'limit-exceeded', fields: { limit: 1000, found: 99_999 } },
    ],
    [
      'a config that is no JSON',
      { ...small, 'config.json': '{' },
      { code: 'not-json', fields: { file: 'config.json' } },
    ],
    ['an empty config', { ...small, 'config.json': '' }, { code: 'not-json' }],
    ['a config that is a list', { ...small, 'config.json': '[]' }, { code: 'not-an-object' }],
    [
      'a config with a key that changes objects',
      { ...small, 'config.json': '{"a":{"__proto__":{"x":1}}}' },
      { code: 'bad-key' },
    ],
    [
      'a config of brackets',
      { ...small, 'config.json': '['.repeat(MIB) },
      { code: 'limit-exceeded', fields: { field: 'nesting in config.json' } },
    ],
    [
      'a config that is too long',
      { ...small, 'config.json': ' '.repeat(8 * MIB + 1) },
      { code: 'limit-exceeded', fields: { field: 'bytes of config.json', limit: 8 * MIB, found: 8 * MIB + 1 } },
    ],
    [
      'a tensor in two files',
      { ...small, 'more.safetensors': safetensorsFile([tensor('model.norm.weight', 'F16', 256)]) },
      {
        code: 'duplicate-tensor',
        message:
          'Tensor "model.norm.weight" is in output.safetensors and in more.safetensors; which one is loaded is chance.',
      },
    ],
    ['a file that is no safetensors', { ...small, 'more.safetensors': headerFile('PK') }, { code: 'not-safetensors' }],
    [
      'a file cut off',
      { ...small, 'more.safetensors': headerFile(safetensorsJson([tensor('w', 'F16', 9)])) },
      { code: 'truncated-data', fields: { file: 'more.safetensors' } },
    ],
  ])('with %s', async (_, files, error) => {
    await expect(read(await folder(files as Files))).rejects.toMatchObject(error)
  })

  it.skipIf(process.platform === 'win32')('with a pipe for a file is refused at once', async () => {
    const path = await folder({ 'config.json': config })
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(path, 'output.safetensors')])
    await expect(read(path)).rejects.toMatchObject({ code: 'not-readable', fields: { problem: 'not a file' } })
  })

  it('with a header longer than its file is refused before it is asked for', async () => {
    const path = await folder(small)
    const bytes = await readFile(join(path, 'output.safetensors'))
    bytes.writeBigUInt64LE(BigInt(30 * MIB), 0)
    await writeFile(join(path, 'output.safetensors'), bytes)
    await expect(read(path)).rejects.toMatchObject({ code: 'truncated-header', fields: { needed: 30 * MIB + 8 } })
  })

  it('with headers that together pass the limit is refused', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 4 }, (_, index) => [`${index}.safetensors`, headerFile('{}'.padEnd(1000))] as const),
    )
    const path = await folder({ 'config.json': config, ...many })
    await expect(readExl2(path, { localFiles: true, maxHeaderBytes: 1000 as never })).rejects.toMatchObject({
      code: 'header-too-large',
      fields: { file: 'all files together', limit: 2000 },
    })
  })

  it('with more safetensors files than any model has is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`${index}.safetensors`, '']))
    await expect(read(await folder({ 'config.json': config, ...many }))).rejects.toMatchObject({
      code: 'limit-exceeded',
      fields: { limit: 1000, found: 1001 },
    })
  })

  it('with a hole where the config should be is refused by its size', async () => {
    const path = await folder(small)
    await truncate(join(path, 'config.json'), 40 * GIB)
    await expect(read(path)).rejects.toMatchObject({ code: 'limit-exceeded', fields: { found: 40 * GIB } })
  })
})
