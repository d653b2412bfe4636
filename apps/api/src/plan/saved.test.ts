import { requestDefaults } from '@berth/core'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { headerOf, writeModelFile } from '../../test/model-file.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3
const llama = { kind: 'catalogue', id: 'llama-3.3-70b', mix: 'Q4_K_M' }

let berth: TestServer
let machines: Answer
beforeAll(async () => {
  berth = await testServer()
  machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
})
afterAll(() => berth.close())
beforeEach(() => berth.database.client.plan.deleteMany())

const evaluate = (input: object): Promise<Answer> =>
  berth.call('POST', '/api/v1/plans/evaluate', { model: llama, engine: 'llama.cpp', request: {}, ...input })

describe('saved plans', () => {
  const save = (input: object = {}): Promise<Answer> =>
    berth.call('POST', '/api/v1/plans', {
      name: 'Chat',
      model: llama,
      machineId: machines[0].id,
      engine: 'llama.cpp',
      request: { contextLength: 8192, cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' },
      ...input,
    })

  it('keep their inputs, and are judged anew when read', async () => {
    const saved = await save()
    expect(saved.status).toBe(201)
    expect(saved.body).toMatchObject({
      name: 'Chat',
      model: llama,
      modelName: 'Llama 3.3 70B Q4_K_M',
      machineName: machines[0].name,
      request: { ...requestDefaults, contextLength: 8192, cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' },
      savedVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    })
    const { body } = await berth.call('GET', `/api/v1/plans/${saved.body.id}`)
    const { result, version, ...inputs } = body
    expect(inputs).toEqual(saved.body)
    expect(version).toBe(saved.body.savedVersion)
    expect(result.fits).toBe(saved.body.savedFits)
    const judged = await evaluate({ machineIds: [machines[0].id], request: saved.body.request })
    const { elsewhere: _elsewhere, ...alone } = judged.body.results[0]
    expect(result).toEqual(alone)
  })

  it('keep the engine’s version, the objective and a split by hand', async () => {
    const machineId = machines[0].id
    const judged = await evaluate({ machineIds: [machineId], request: { contextLength: 4096 } })
    const { split } = judged.body.results[0].best
    const [{ version }] = (await berth.call('GET', '/api/v1/engines')).body.items[0].versions
    const choices = { engineVersion: version, preference: 'fewest-devices', split }
    const saved = await save({ request: { contextLength: 4096 }, ...choices })
    expect(saved.body).toMatchObject(choices)
    const { result } = (await berth.call('GET', `/api/v1/plans/${saved.body.id}`)).body
    expect(result).toMatchObject({ fits: true, best: { split, engineVersion: version }, others: [] })
    const worse = { ...split, devices: split.devices.map((one: object) => ({ ...one, layers: 1 })) }
    const short = await save({ split: worse })
    const answer = (await berth.call('GET', `/api/v1/plans/${short.body.id}`)).body
    expect(answer.result).toMatchObject({ fits: false, reasons: [{ code: 'split-does-not-cover-layers' }] })
  })

  it('hold the model that they leave room for', async () => {
    const path = join(berth.modelDir, 'guest.gguf')
    await writeModelFile(path, headerOf('qwen3-0.6b'))
    const { model } = (await berth.call('POST', '/api/v1/models/import', { address: path })).body
    const other = { model: { kind: 'stored', id: model.id }, request: {} }
    const saved = await save({ preference: 'room-for-another', other })
    expect(saved.status).toBe(201)
    expect(await berth.call('DELETE', `/api/v1/models/${model.id}`)).toMatchObject({
      status: 409,
      body: { code: 'in-use' },
    })
    expect((await berth.call('GET', `/api/v1/plans/${saved.body.id}`)).status).toBe(200)
    expect((await berth.call('DELETE', `/api/v1/models/${model.id}?withPlans=true`)).status).toBe(200)
    expect((await berth.call('GET', `/api/v1/plans/${saved.body.id}`)).status).toBe(404)
  })

  it('name a version of the engine that is described', async () => {
    const message = 'must be a version of the engine that is described'
    expect(await save({ engineVersion: '0.0.1' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-input', fields: [{ path: 'engineVersion', message }] },
    })
  })

  it('follow a machine that changes', async () => {
    const text = (gpus: number) =>
      smiCsv(
        Array.from({ length: gpus }, (_, n) => ({ uuid: uuid(70 + n) })),
        'growing',
      )
    const [{ machine }] = (await berth.call('POST', '/api/v1/machines/import', { text: text(1) })).body.machines
    const { body } = await save({ machineId: machine.id })
    expect(body.savedFits).toBe(false)
    await berth.call('POST', '/api/v1/machines/import', { text: text(4) })
    const after = (await berth.call('GET', `/api/v1/plans/${body.id}`)).body
    expect(after).toMatchObject({ savedFits: false, result: { fits: true } })
    expect(after.result.best.memory[0].capacity).toBeGreaterThan(20 * GIB)
    await berth.call('DELETE', `/api/v1/machines/${machine.id}?withPlans=true`)
  })

  it('are listed and removed', async () => {
    const saved = [(await save({ name: 'one' })).body, (await save({ name: 'two' })).body]
    expect((await berth.call('GET', '/api/v1/plans')).body).toEqual({ items: saved, nextCursor: null })
    expect((await berth.call('GET', '/api/v1/plans?limit=1')).body).toEqual({
      items: [saved[0]],
      nextCursor: saved[0].id,
    })
    expect((await berth.call('DELETE', `/api/v1/plans/${saved[0].id}`)).status).toBe(200)
    expect((await berth.call('DELETE', `/api/v1/plans/${saved[0].id}`)).status).toBe(404)
    expect((await berth.call('GET', '/api/v1/plans')).body.items).toEqual([saved[1]])
  })

  it('are not saved on what is not there', async () => {
    expect(await save({ machineId: 'nobody' })).toMatchObject({ status: 404 })
    expect(await save({ model: { kind: 'stored', id: 'nobody' } })).toMatchObject({ status: 404 })
    expect(await save({ model: { ...llama, mix: 'Q9_Z' } })).toMatchObject({ status: 422 })
    expect(await save({ name: 'a\u0000b' })).toMatchObject({ status: 400, body: { fields: [{ path: 'name' }] } })
    expect((await berth.call('GET', '/api/v1/plans')).body.items).toEqual([])
  })
})
