import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { twoGpus } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
let up: string
let down: string
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.plan.deleteMany()
  await berth.database.client.machine.deleteMany()
  const text = twoGpus(1, 'up') + twoGpus(2, 'down')
  const { body } = await berth.call('POST', '/api/v1/machines/import', { text })
  ;[up, down] = body.machines.map(({ machine }: Answer) => machine.id)
  await change({ maintenance: true, note: 'new fans' })
})

const change = (input: object) => berth.call('PATCH', `/api/v1/machines/${down}`, input)
const stored = async (): Promise<Answer> => (await berth.call('GET', `/api/v1/machines/${down}`)).body
const question = { engine: 'llama.cpp', request: { contextLength: 4096 } }
const model = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }

it('a machine in maintenance is known, says since when and why, and goes back to work', async () => {
  const before = await stored()
  expect(before).toMatchObject({ name: 'down', revision: 2, maintenance: { note: 'new fans' } })
  expect(Date.parse(before.maintenance.since)).toBeLessThanOrEqual(Date.now())
  const listed = (await berth.call('GET', '/api/v1/machines')).body.items
  expect(listed.map(({ maintenance }: Answer) => maintenance?.note ?? null)).toEqual([null, 'new fans'])

  // Said again, it stays the time since when; what is not said stays.
  expect((await change({ maintenance: true })).body.maintenance).toEqual(before.maintenance)
  expect((await change({ name: 'still down' })).body).toMatchObject({ maintenance: before.maintenance })
  expect((await change({ maintenance: true, note: null })).body.maintenance).toEqual({
    ...before.maintenance,
    note: null,
  })
  expect((await change({ maintenance: false })).body).toMatchObject({ name: 'still down', maintenance: null })
})

it('an import does not end it', async () => {
  await berth.call('POST', '/api/v1/machines/import', { text: twoGpus(2, 'down').replaceAll('1 MiB', '700 MiB') })
  expect((await stored()).maintenance).toMatchObject({ note: 'new fans' })
})

it.each(['evaluate', 'solve', 'together'])('plans.%s leaves it out, and judges it where it is named', async (name) => {
  const asked = {
    evaluate: { ...question, model },
    solve: { ...question, model, unknown: 'context' },
    together: { engine: 'llama.cpp', models: [{ model, request: question.request }] },
  }[name]!
  const ask = async (input: object): Promise<Answer> =>
    (await berth.call('POST', `/api/v1/plans/${name}`, { ...asked, ...input })).body.results.map(
      ({ machine }: Answer) => machine,
    )
  expect(await ask({})).toEqual([{ id: up, name: 'up', sample: false, stale: null, maintenance: null }])
  const { maintenance } = await stored()
  expect(await ask({ machineIds: [down] })).toEqual([
    { id: down, name: 'down', sample: false, stale: null, maintenance },
  ])
})

it('plans on it say so', async () => {
  const saved = await berth.call('POST', '/api/v1/plans', { ...question, model, name: 'p', machineId: down })
  const { maintenance } = await stored()
  expect(saved).toMatchObject({ status: 201, body: { machineMaintenance: maintenance } })
  const { items } = (await berth.call('GET', '/api/v1/plans')).body
  expect(items).toEqual([saved.body])
  const plan = (await berth.call('GET', `/api/v1/plans/${saved.body.id}`)).body
  expect(plan).toMatchObject({ machineMaintenance: maintenance, result: { fits: true, machine: { maintenance } } })
  await change({ maintenance: false })
  expect((await berth.call('GET', '/api/v1/plans')).body.items).toMatchObject([{ machineMaintenance: null }])
})

it.each<[object, string]>([
  [{}, 'name'],

  [{ name: 'down', note: 'why' }, 'note'],
  [{ maintenance: false, note: 'why' }, 'note'],
  [{ maintenance: true, note: '' }, 'note'],
  [{ maintenance: true, note: 'x'.repeat(501) }, 'note'],
  [{ maintenance: true, note: 'a\u0000b' }, 'note'],
  [{ maintenance: 'yes' }, 'maintenance'],
])('%j is refused', async (input, path) => {
  const before = await stored()
  expect(await change(input)).toMatchObject({ status: 400, body: { code: 'invalid-input', fields: [{ path }] } })
  expect(await stored()).toEqual(before)
})
