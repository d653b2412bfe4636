import { sampleLab } from '@berth/catalogue'
import { countedPlaces, describeModel, instant, type Machine } from '@berth/core'
import { readModelFromBytes } from '@berth/gguf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../test/inventory-text.ts'
import { headerBytes, headerOf } from '../test/model-file.ts'
import { type Answer, testServer, type TestServer } from '../test/server.ts'
import { createMachine } from './machine/repository.ts'
import { saveModel } from './model/repository.ts'
import { operations } from './operations.ts'
import { createPlan } from './plan/repository.ts'
import { requestSchema } from './plan/verdict-schema.ts'
import { createReservation } from './reservation/repository.ts'
import { GIVEN } from './reservation/reserved-for.ts'
import { ensureTeam } from './team/repository.ts'
import { createView } from './view/repository.ts'
import { createToken } from './token/repository.ts'

/** Rows of a team that is not the caller's. */
interface Theirs {
  readonly machine: string
  readonly model: string
  readonly plan: string
  readonly view: string
  readonly token: string
  readonly reservation: string
}

let berth: TestServer
let theirs: Theirs
let rows: () => Promise<Answer>
beforeAll(async () => {
  berth = await testServer()
  const { client } = berth.database
  await ensureTeam(client, 'others', 'Others')
  const lab = sampleLab()[0]!
  const machine = await createMachine(
    client,
    { teamId: 'others', by: { source: 'api', requestId: 'theirs' } },
    { machine: lab, text: { rawText: 'theirs', readAt: new Date() }, sample: true, from: 'import' },
  )
  const file = await readModelFromBytes(headerBytes(headerOf('qwen3-0.6b')))
  const described = describeModel(file.header)
  if (!described.ok) throw new Error('not a model')
  const { model } = await saveModel(client, 'others', { kind: 'file', file, model: described.value })
  const plan = await createPlan(client, 'others', {
    name: 'theirs',
    model: { kind: 'stored', id: model.id },
    machineId: machine.id,
    engine: 'llama.cpp',
    request: requestSchema.parse({}),
    savedVersion: '0.0.0',
    savedFits: true,
    snapshot: null,
  })
  const view = await createView(client, 'others', { list: 'machines', name: 'theirs', query: '' })
  const token = await createToken(client, 'others', { name: 'theirs', secretHash: 'x', expiresAt: null })
  const reservation = await createReservation(client, {
    ...{
      teamId: 'others',
      machineId: machine.id,
      purpose: 'theirs',
      owner: 'they',
      planId: plan.id,
      reservedFor: GIVEN,
    },
    places: countedOn(machine),
    window: { start: instant(Date.now()), end: null },
  })
  theirs = {
    ...{ machine: machine.id, model: model.id, plan: plan.id, view: view.id, token: token.id },
    reservation: reservation.id,
  }
  rows = async () => [
    await client.machine.findMany({ where: { teamId: 'others' }, include: { devices: true } }),
    await client.model.findMany({ where: { teamId: 'others' } }),
    await client.plan.findMany({ where: { teamId: 'others' } }),
    await client.savedView.findMany({ where: { teamId: 'others' } }),
    await client.reservation.findMany({ where: { teamId: 'others' }, include: { memory: true } }),
    await client.registrationToken.findMany({ where: { teamId: 'others' } }),
    await client.change.findMany({ where: { teamId: 'others' } }),
  ]
})
afterAll(() => berth.close())

/** All of the first card. */
function countedOn(machine: Parameters<typeof countedPlaces>[0]) {
  const [{ id: device, memoryTotal }] = machine.devices as [Machine['devices'][number]]
  const counted = countedPlaces(machine, [{ place: { kind: 'device', device }, bytes: memoryTotal }])
  if (!counted.ok) throw new Error('the card is not there')
  return counted.value
}

/** What operations with an id take, so that nothing but the id is wrong. */
const bodies: Readonly<Partial<Record<string, object>>> = {
  PATCH: { maintenance: true, name: 'mine now', set: [{ figure: 'cpuCores', value: 1 }], reason: 'mine' },
  POST: { endsAt: null, count: 1 },
}

const nouns: Readonly<Record<string, keyof Theirs>> = {
  machines: 'machine',
  models: 'model',
  plans: 'plan',
  views: 'view',
  'registration-tokens': 'token',
  reservations: 'reservation',
}
/** Of what a team owns; engines and their stories are nobody's. */
const withId = operations.filter(({ path }) => path.includes('{id}') && !path.startsWith('/engines'))

describe('a row of another team', () => {
  it.each(withId.map(({ name, method, path }) => [name, method, path] as const))(
    'is not found by %s',
    async (_, method, path) => {
      const before = await rows()
      const id = theirs[nouns[path.split('/')[1] ?? ''] ?? 'machine']
      const device = before[0][0].devices[0].id as string
      const url = `/api/v1${path}`.replace('{id}', id).replace('{deviceId}', encodeURIComponent(device))
      const answer = await berth.call(method, url, bodies[method])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } })
      if (method === 'DELETE' && !path.includes('deviceId')) {
        expect((await berth.call(method, `${url}?withPlans=true`)).status).toBe(404)
      }
      expect(await rows()).toEqual(before)
      expect(await berth.database.client.machine.count({ where: { teamId: { not: 'others' } } })).toBe(0)
    },
  )

  it('is in no list', async () => {
    const own = ['/machines', '/models', '/plans', '/reservations', '/registration-tokens', '/changes']
    for (const path of [...own, `/changes?machineId=${theirs.machine}`]) {
      expect((await berth.call('GET', `/api/v1${path}`)).body).toEqual({ items: [], nextCursor: null })
    }
  })

  it('has drifted for nobody else', async () => {
    const { body } = await berth.call('GET', `/api/v1/drift?machineId=${theirs.machine}`)
    const none = { breaks: 0, 'may-break': 0, info: 0 }
    expect(body).toEqual({ items: [], counts: { plan: none, reservation: none } })
  })

  it('is in no filter, count or export, and not changed with others', async () => {
    const before = await rows()
    expect((await berth.call('GET', '/api/v1/machines?sort=name&text=a')).body.items).toEqual([])
    expect((await berth.call('GET', '/api/v1/machines/facets')).body).toMatchObject({ machines: 0, gpu: [] })
    expect((await berth.call('GET', '/api/v1/machines/export?format=json')).body).toEqual([])
    expect((await berth.call('GET', '/api/v1/views?list=machines')).body).toEqual({ items: [] })
    const named = { ids: [theirs.machine] }
    for (const selection of [named, { filter: {}, expectedCount: 1 }]) {
      const status = selection === named ? 404 : 409
      expect((await berth.call('PATCH', '/api/v1/machines', { ...selection, site: 'here' })).status).toBe(status)
      expect((await berth.call('POST', '/api/v1/machines/remove', { ...selection, withPlans: true })).status).toBe(
        status,
      )
    }
    expect(await rows()).toEqual(before)
  })

  it('is not planned with, nor on', async () => {
    const request = { engine: 'llama.cpp', request: {} }
    const stored = { kind: 'stored', id: theirs.model }
    const catalogue = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
    const evaluate = (input: object) => berth.call('POST', '/api/v1/plans/evaluate', { ...request, ...input })
    const save = (input: object) => berth.call('POST', '/api/v1/plans', { name: 'x', ...request, ...input })
    expect((await evaluate({ model: stored })).status).toBe(404)
    expect((await evaluate({ model: catalogue })).body.results).toEqual([])
    expect((await evaluate({ model: catalogue, machineIds: [theirs.machine] })).status).toBe(404)
    expect((await save({ model: catalogue, machineId: theirs.machine })).status).toBe(404)
    const find = (input: object) =>
      berth.call('POST', '/api/v1/plans/solve', { ...request, model: catalogue, unknown: 'mix', ...input })
    expect((await find({ model: stored })).status).toBe(404)
    expect((await find({ candidates: [stored] })).status).toBe(404)
    expect((await find({ machineIds: [theirs.machine] })).status).toBe(404)
    const room = { preference: 'room-for-another', other: { model: stored, request: {} } }
    expect((await find(room)).status).toBe(404)
    expect((await evaluate({ model: catalogue, ...room })).status).toBe(404)
    const text = smiCsv([{ uuid: uuid(1) }], 'mine')
    const [{ machine }] = (await berth.call('POST', '/api/v1/machines/import', { text })).body.machines
    expect((await save({ model: catalogue, machineId: machine.id })).status).toBe(201)
    expect((await save({ model: catalogue, machineId: machine.id, ...room })).status).toBe(404)
    await berth.call('DELETE', `/api/v1/machines/${machine.id}?withPlans=true`)
  })

  it('is not reserved on, nor for, and in no timeline', async () => {
    const before = await rows()
    const asked = { purpose: 'mine', owner: 'me' }
    const reserve = (what: object) => berth.call('POST', '/api/v1/reservations', { ...asked, what })
    const device = before[0][0].devices[0].id as string
    const memory = [{ place: { kind: 'device', device }, bytes: 1 }]
    expect((await reserve({ kind: 'memory', machineId: theirs.machine, memory })).status).toBe(404)
    expect((await reserve({ kind: 'plan', planId: theirs.plan })).status).toBe(404)
    const window = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z'
    const timeline = (query: string) => berth.call('GET', `/api/v1/reservations/timeline?${window}${query}`)
    expect((await timeline('')).body.machines).toEqual([])
    expect((await timeline(`&machineIds=${theirs.machine}`)).status).toBe(404)
    expect(await rows()).toEqual(before)
  })

  it('is no answer of what the lab can hold, nor asked about', async () => {
    const asked = { engine: 'llama.cpp', request: {} }
    const stored = { kind: 'stored', id: theirs.model }
    const model = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
    const ask = (path: string, input: object) => berth.call('POST', `/api/v1/capacity/${path}`, { ...asked, ...input })
    expect((await ask('largest', { files: { stored: true, models: [model] } })).body).toEqual({
      ...{ files: 1, leftOut: 0, results: [] },
    })
    expect((await ask('largest', { files: { models: [stored] } })).status).toBe(404)
    for (const path of ['hosts', 'upgrades']) {
      expect((await ask(path, { model })).body.results).toEqual([])
      expect((await ask(path, { model: stored })).status).toBe(404)
      expect((await ask(path, { model, machineIds: [theirs.machine] })).status).toBe(404)
    }
    const edits = [{ kind: 'add-host-memory', added: 2 ** 30 }]
    expect((await ask('what-if', { machineId: theirs.machine, edits, files: {} })).status).toBe(404)
  })

  it('is not removed with the sample lab, nor matched by an import', async () => {
    const before = await rows()
    expect((await berth.call('DELETE', '/api/v1/sample-lab')).body).toEqual({ removedMachines: 0, removedPlans: 0 })
    const { machines } = (await berth.call('POST', '/api/v1/sample-lab')).body
    expect(machines[0].id).not.toBe(theirs.machine)
    expect(await rows()).toEqual(before)
  })
})

it('looked at every operation that takes an id', () => {
  expect(withId.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'history.ofMachine',
    'machines.clone',
    'machines.get',
    'machines.memory',
    'machines.remove',
    'machines.removeDevice',
    'machines.setOverrides',
    'machines.update',
    'models.get',
    'models.remove',
    'plans.get',
    'plans.remove',
    'reservations.dryRunMove',
    'reservations.extend',
    'reservations.get',
    'reservations.move',
    'reservations.release',
    'tokens.remove',
    'views.remove',
    'views.update',
  ])
})
