import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { llamaFolder, SEVENTY_B, SMALL, writeFolder, writeSparseFolder } from '@berth/exl2/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rangeServer, type RangeServer } from '../../test/range-server.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3

let berth: TestServer
let hub: RangeServer
let onHub: string
beforeAll(async () => {
  onHub = await mkdtemp(join(tmpdir(), 'berth-exl2-hub-'))
  await writeFolder(onHub, llamaFolder(SMALL))
  hub = await rangeServer(onHub, (request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const listed = /^\/api\/models\/org\/(\w+)(?:\/tree\/([^/]+))?/.exec(path)
    if (!listed) return false
    const files = listed[1] === 'readme' ? ['README.md'] : ['config.json', 'output.safetensors']
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(files.map((name) => ({ type: 'file', path: name, oid: 'a', size: 1 }))))
    return true
  })
  berth = await testServer({ hfEndpoint: hub.url })
})
afterAll(async () => {
  await berth.close()
  await hub.close()
  await rm(onHub, { recursive: true })
})
beforeEach(async () => {
  await berth.database.client.plan.deleteMany()
  await berth.database.client.model.deleteMany()
})

const importAddress = (address: string) => berth.call('POST', '/api/v1/models/import', { address })
const folder = async (name: string) => writeSparseFolder(join(berth.modelDir, name), SEVENTY_B)

describe('importing a folder', () => {
  it('reads it below a configured folder, lists it beside the files, and gives back what it holds', async () => {
    const path = await folder('Llama-70B 4.0bpw')
    const { status, body } = await importAddress(path)
    expect({ status, created: body.created }).toEqual({ status: 200, created: true })
    expect(body.model).toMatchObject({
      format: 'exl2',
      name: 'Llama-70B 4.0bpw',
      fileName: 'Llama-70B 4.0bpw',
      address: path,
      architecture: 'LlamaForCausalLM',
      blockCount: 80,
      contextLengthTrained: 8192,
      parameterCount: 70_553_706_496,
      mainType: 'EXL2 4.03 bpw',
      shards: [{ name: 'output.safetensors', bytes: body.model.fileBytes }],
    })
    expect(body.model.weightBytes).toBeGreaterThan(34 * GIB)
    expect(body.model.weightBytes).toBeLessThan(body.model.fileBytes)
    expect((await berth.call('GET', '/api/v1/models')).body.items).toEqual([body.model])
    const detail = await berth.call('GET', `/api/v1/models/${body.model.id}`)
    expect(detail.status).toBe(200)
    expect(detail.body.header).toBeUndefined()
    expect(detail.body.exl2).toMatchObject({ blockCount: 80, quantization: { format: 'exl2', statedBits: 4 } })
    expect(detail.body.exl2.blocks).toHaveLength(80)
    expect((await importAddress(path)).body).toMatchObject({ created: false })
  })

  it.each([
    ['org/model@4.0bpw', 'model 4.0bpw', '/org/model/tree/4.0bpw'],
    ['hf:org/model@main', 'model', '/org/model/tree/main'],
    // Of a repository that holds no GGUF file.
    ['hf:org/model', 'model', '/org/model/tree/main'],
    ['https://huggingface.co/org/model/tree/4.0bpw', 'model 4.0bpw', '/org/model/tree/4.0bpw'],
  ])('reads %s from the hub', async (address, name, page) => {
    const { status, body } = await importAddress(address)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { model: { format: 'exl2', name, address: `${hub.url}${page}` } },
    })
  })

  it('says of a repository that is neither that it holds no GGUF model', async () => {
    expect(await importAddress('hf:org/readme')).toMatchObject({ status: 422, body: { code: 'gguf-no-gguf-in-repo' } })
  })

  it('reads no folder outside, and no file by a link that leads there', async () => {
    const outside = await writeFolder(await mkdtemp(join(tmpdir(), 'berth-exl2-out-')), llamaFolder(SMALL))
    await writeFile(join(outside, 'secret.json'), 'root:x:0:0')
    await symlink(outside, join(berth.modelDir, 'linked'))
    const inside = await writeFolder(join(berth.modelDir, 'half'), llamaFolder(SMALL))
    await rm(join(inside, 'config.json'))
    await symlink(join(outside, 'secret.json'), join(inside, 'config.json'))
    for (const path of [outside, join(berth.modelDir, 'linked'), inside, `${berth.modelDir}/../`]) {
      const { status, body } = await importAddress(path)
      expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'path-not-allowed' })
      expect(JSON.stringify(body)).not.toContain('root')
    }
    await rm(outside, { recursive: true })
  })

  const config = JSON.parse(String(llamaFolder(SMALL)['config.json'])) as Record<string, unknown>
  it.each<[string, string, Record<string, string>]>([
    ['no config', 'exl2-no-config', {}],
    ['no tensors', 'exl2-no-safetensors', { 'config.json': '{}' }],
    ['a config that is no JSON', 'exl2-not-json', { 'config.json': '{', 'a.safetensors': '' }],
    ['a config that is a list', 'exl2-not-an-object', { 'config.json': '[]', 'a.safetensors': '' }],
    ['a config that nests', 'exl2-limit-exceeded', { 'config.json': '['.repeat(100), 'a.safetensors': '' }],
    ['a config that would change others', 'exl2-bad-key', { 'config.json': '{"__proto__":1}', 'a.safetensors': '' }],
    ['a file cut off', 'exl2-truncated-header', { 'config.json': '{}', 'a.safetensors': 'abc' }],
    [
      'another architecture',
      'describe-missing-key',
      { ...(llamaFolder(SMALL) as Record<string, string>), 'config.json': '{}' },
    ],
    [
      'an impossible shape',
      'describe-bad-value',
      {
        ...(llamaFolder(SMALL) as Record<string, string>),
        'config.json': JSON.stringify({ ...config, hidden_size: -1 }),
      },
    ],
  ])('says what is wrong with %s', async (name, code, files) => {
    const path = join(berth.modelDir, `bad ${name}`)
    await mkdir(path)
    await writeFolder(path, files)
    expect(await importAddress(path)).toMatchObject({ status: 422, body: { code } })
    expect((await berth.call('GET', '/api/v1/models')).body.items).toEqual([])
  })
})

describe('planning with a folder', () => {
  let model: Answer
  let machines: Answer[]
  beforeEach(async () => {
    model = (await importAddress(await folder('planned'))).body.model
    machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
  })

  const evaluate = (input: object) =>
    berth.call('POST', '/api/v1/plans/evaluate', { model: { kind: 'stored', id: model.id }, ...input })

  it('judges every machine for an engine that reads it, with what starts it', async () => {
    const { status, body } = await evaluate({ engine: 'tabbyapi', request: { exl2Cache: 'Q6' } })
    expect(status).toBe(200)
    expect(body.model).toEqual({ name: 'planned', architecture: 'LlamaForCausalLM', weightBytes: model.weightBytes })
    expect(body.results).toHaveLength(machines.length)
    const [first] = body.results
    expect(first).toMatchObject({ fits: true, best: { engine: 'tabbyapi', settings: { exl2Cache: 'Q6' } } })
    expect(first.best.exl2.run).toMatchObject({ format: 'exl2', settings: { cacheMode: 'Q6' } })
    expect(first.speed).toBeUndefined()
    expect(first.launch.files).toMatchObject([{ name: 'config.yml', use: 'needed' }])
    expect(first.launch.files[0].content).toContain(`model_name: "planned"`)
    expect(first.launch.deployments.map(({ form }: Answer) => form)).toEqual(['systemd'])
    const last = body.results.at(-1)
    expect(last.fits).toBe(false)
    expect(last.explanation.length).toBeGreaterThan(0)
  })

  it.each([
    ['llama.cpp', 'EXL2'],
    ['exllamav3', 'EXL2'],
  ])('answers for %s that it does not read it', async (engine, format) => {
    const { status, body } = await evaluate({ engine, request: {} })
    expect(status).toBe(200)
    for (const result of body.results) {
      expect(result).toMatchObject({ fits: false, reasons: [{ code: 'format-not-readable', format, engine }] })
    }
  })

  it('answers for a GGUF file on an ExLlama engine that it is not read', async () => {
    const ref = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
    const input = { model: ref, engine: 'exllamav2', request: {} }
    const { body } = await berth.call('POST', '/api/v1/plans/evaluate', input)
    expect(body.results[0]).toMatchObject({ reasons: [{ code: 'format-not-readable', format: 'GGUF' }] })
  })

  it('saves a plan, which is judged anew when it is read', async () => {
    const best = (await evaluate({ engine: 'exllamav2', request: {} })).body.results[0]
    const plan = { name: 'mine', model: { kind: 'stored', id: model.id }, engine: 'exllamav2' }
    const request = { contextLength: 8192, exl2Cache: 'Q4' }
    const saved = await berth.call('POST', '/api/v1/plans', { ...plan, machineId: best.machine.id, request })
    expect(saved).toMatchObject({ status: 201, body: { savedFits: true, modelName: 'planned' } })
    const read = await berth.call('GET', `/api/v1/plans/${saved.body.id}`)
    expect(read.body).toMatchObject({ request, result: { fits: true, best: { engine: 'exllamav2' } } })
    expect(read.body.result.launch.shell).toContain(' -cq4')
  })

  it('takes files only where a plan is solved, or made for several', async () => {
    const ref = { kind: 'stored', id: model.id }
    const solve = { model: ref, engine: 'llama.cpp', request: {}, unknown: 'context' }
    const together = { models: [{ model: ref, request: {} }], engine: 'llama.cpp' }
    expect(await berth.call('POST', '/api/v1/plans/solve', solve)).toMatchObject({
      status: 422,
      body: { code: 'format-not-taken' },
    })
    expect(await berth.call('POST', '/api/v1/plans/together', together)).toMatchObject({
      status: 422,
      body: { code: 'format-not-taken' },
    })
  })
})
