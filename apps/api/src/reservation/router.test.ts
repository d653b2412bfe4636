import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { GIB, gpuPlace, hostPlace, inHours, onCard, reserving } from '../../test/reservations.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
let reserve: ReturnType<typeof reserving>
let lab: string
let other: string
const [card, second, elsewhere] = [uuid(2), uuid(3), uuid(4)]

beforeAll(async () => {
  berth = await testServer()
  reserve = reserving(berth)
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.reservation.deleteMany()
  await berth.database.client.plan.deleteMany()
  await berth.database.client.machine.deleteMany()
  lab = await reserve.lab(1, 'lab')
  other = await reserve.lab(2, 'other')
})

const machine = async (id = lab): Promise<Answer> => (await berth.call('GET', `/api/v1/machines/${id}`)).body
const name = 'GPU 0 (NVIDIA GeForce RTX 3090)'

it('is made, shown, and what it holds is told of the machine', async () => {
  const startsAt = inHours(-1)
  const { status, body } = await reserve.create({ ...onCard(lab, card, 10), startsAt, message: 'for the course' })
  expect(status).toBe(201)
  const { id, createdAt, inventoryIndex } = body
  expect(body).toEqual({
    id,
    purpose: 'chat',
    owner: 'nlp',
    state: 'active',
    machine: { id: lab, name: 'lab' },
    plan: null,
    model: null,
    engine: null,
    drift: null,
    memory: [{ place: gpuPlace(card), name, bytes: 10 * GIB }],
    startsAt: body.startsAt,
    endsAt: null,
    releasedAt: null,
    revision: 1,
    createdAt,
    updatedAt: createdAt,
    warnings: [],
    inventoryIndex,
  })
  // One that began before begins now.
  expect(Math.abs(Date.parse(body.startsAt) - Date.now())).toBeLessThan(60_000)
  const { warnings: _, ...shown } = body
  expect((await reserve.get(`/${id}`)).body).toEqual(shown)
  const { inventoryIndex: _index, ...listed } = shown
  expect((await reserve.get('')).body).toEqual({ items: [listed], nextCursor: null })
  expect((await machine()).devices.map(({ memoryReserved }: Answer) => memoryReserved)).toEqual([10 * GIB, undefined])
  const { items } = (await berth.call('GET', '/api/v1/machines')).body
  expect(items[0].devices[0].memoryReserved).toBe(10 * GIB)
  const [change] = (await berth.call('GET', `/api/v1/machines/${lab}/history`)).body.items
  expect(change).toMatchObject({
    action: 'reserved',
    message: 'for the course',
    differences: [
      { path: 'reservation', before: null, after: 'chat' },
      { path: 'reserved for', before: null, after: 'nlp' },
      { path: 'reserved from', before: null, after: body.startsAt },
      { path: 'reserved until', before: null, after: 'no end' },
      { path: 'GPU 0 reserved.bytes', before: null, after: String(10 * GIB) },
    ],
  })
})

describe('what stands in the way', () => {
  it('is named, with the numbers and when it would fit', async () => {
    const first = (await reserve.create({ ...onCard(lab, card, 14), endsAt: inHours(5), purpose: 'training' })).body
    const asked = { ...onCard(lab, card, 12), endsAt: inHours(2) }
    const dry = (await reserve.dryRun(asked)).body
    const conflict = {
      place: gpuPlace(card),
      name,
      requested: 12 * GIB,
      reserved: 14 * GIB,
      capacity: 24 * GIB,
      short: 2 * GIB,
      reservations: [
        {
          ...{ id: first.id, purpose: 'training', owner: 'nlp' },
          bytes: 14 * GIB,
          startsAt: first.startsAt,
          endsAt: first.endsAt,
        },
      ],
    }
    expect(dry).toMatchObject({
      allowed: false,
      machine: { id: lab, name: 'lab' },
      memory: [{ place: gpuPlace(card), name, bytes: 12 * GIB, capacity: 24 * GIB, reserved: 14 * GIB }],
      conflicts: [conflict],
      fitsFrom: first.endsAt,
    })
    expect(dry.explanation[0]).toContain(`${name} cannot give 12.00 GiB: 14.00 GiB of 24.00 GiB are reserved on`)
    expect(dry.explanation[0]).toContain('by training of nlp (14.00 GiB until')
    const refused = await reserve.create(asked)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'reservation-conflict', data: { conflicts: [conflict], fitsFrom: first.endsAt } },
    })
    expect(refused.body.detail).toBe(
      dry.explanation.join(' ').replace(dry.conflicts[0].at, refused.body.data.conflicts[0].at),
    )
    const later = { ...asked, startsAt: dry.fitsFrom, endsAt: inHours(9) }
    expect((await reserve.dryRun(later)).body).toMatchObject({ allowed: true, conflicts: [], explanation: [] })
    expect((await reserve.create(later)).status).toBe(201)
  })

  it('is all of a card, and no more', async () => {
    expect((await reserve.create(onCard(lab, card, 24))).status).toBe(201)
    expect((await reserve.create(onCard(lab, second, 24))).status).toBe(201)
    const byte = { kind: 'memory', machineId: lab, memory: [{ place: gpuPlace(card), bytes: 1 }] }
    expect((await reserve.create({ what: byte })).status).toBe(409)
    expect((await reserve.create(onCard(other, elsewhere, 25))).body.detail).toContain('it has 24.00 GiB in all')
  })
})

describe('an index', () => {
  it('of a dry run holds until anything changes', async () => {
    const asked = onCard(lab, card, 4)
    const index = async () => (await reserve.dryRun(asked)).body.inventoryIndex as string
    const given = await index()
    const first = await reserve.create({ ...asked, inventoryIndex: given })
    expect(first.status).toBe(201)
    const stale = await reserve.create({ ...asked, inventoryIndex: given })
    const current = first.body.inventoryIndex
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'stale-index', data: { machineId: lab, given, current } },
    })
    expect(await index()).toBe(current)
    await berth.call('PATCH', `/api/v1/machines/${lab}`, { site: 'B2' })
    expect(await index()).not.toBe(current)
    // Nothing that was refused counts.
    expect((await reserve.create(onCard(lab, card, 30))).status).toBe(409)
    const after = await index()
    await reserve.create(onCard(other, elsewhere, 4))
    expect(await index()).toBe(after)
  })

  it('holds all of several, or none', async () => {
    const [one, two] = [onCard(lab, card, 4), onCard(other, elsewhere, 4)]
    const inventoryIndex = (await reserve.dryRun(one)).body.inventoryIndex
    const both = await reserve.createMany([{ ...one, inventoryIndex }, { ...one, inventoryIndex }, two])
    expect(both.status).toBe(201)
    expect(both.body.reservations.map(({ machine: on }: Answer) => on.name)).toEqual(['lab', 'lab', 'other'])
    expect((await reserve.createMany([two, { ...one, inventoryIndex }])).body.code).toBe('stale-index')
    const tooMany = [two, { ...onCard(lab, card, 10), purpose: 'first' }, onCard(lab, card, 10)]
    const refused = await reserve.createMany(tooMany)
    expect(refused).toMatchObject({ status: 409, body: { code: 'reservation-conflict' } })
    expect(refused.body.detail).toContain('first of nlp')
    expect((await reserve.get('')).body.items).toHaveLength(3)
  })
})

describe('a change', () => {
  const made = async (body: object = {}) =>
    (await reserve.create({ ...onCard(lab, card, 14), endsAt: inHours(4), ...body })).body

  it('ends it later, unless somebody is there', async () => {
    const { id } = await made()
    const night = await made({ startsAt: inHours(6), endsAt: inHours(8), purpose: 'night' })
    const to = (endsAt: string | null) => reserve.change(id, 'extend', { endsAt })
    expect((await to(inHours(7))).body).toMatchObject({ code: 'reservation-conflict' })
    expect((await to(null)).body.detail).toContain('night of nlp')
    const endsAt = night.startsAt
    expect(await to(endsAt)).toMatchObject({ status: 200, body: { endsAt, revision: 2, state: 'active' } })
    expect((await to(inHours(1))).body).toMatchObject({ revision: 3 })
    expect(await to(inHours(-1))).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
    const [change] = (await berth.call('GET', `/api/v1/machines/${lab}/history`)).body.items
    expect(change.action).toBe('reservation-changed')
    expect(change.differences.map(({ path }: Answer) => path)).toEqual(['reservation', 'reserved until'])
  })

  it('moves it to other cards, machines, sizes and times', async () => {
    const { id, endsAt } = await made()
    const move = (body: object) => reserve.change(id, 'move', body)
    expect((await move({ memory: [{ place: gpuPlace(second), bytes: 20 * GIB }] })).body.memory).toEqual([
      { place: gpuPlace(second), name: 'GPU 1 (NVIDIA GeForce RTX 3090)', bytes: 20 * GIB },
    ])
    expect((await move({ machineId: other })).body).toMatchObject({
      code: 'invalid-input',
      fields: [{ path: 'memory' }],
    })
    const moved = await move({ machineId: other, memory: [{ place: gpuPlace(elsewhere), bytes: 24 * GIB }] })
    expect(moved.body).toMatchObject({ machine: { id: other, name: 'other' }, endsAt, revision: 3 })
    expect((await machine(other)).devices[0].memoryReserved).toBe(24 * GIB)
    expect((await machine()).devices[1].memoryReserved).toBeUndefined()
    const startsAt = inHours(10)
    const later = await move({ startsAt, endsAt: null })
    expect(later.body).toMatchObject({ state: 'planned', startsAt, endsAt: null })
    const actions = async (of: string) =>
      (await berth.call('GET', `/api/v1/machines/${of}/history`)).body.items.map(({ action }: Answer) => action)
    expect((await actions(lab))[0]).toBe('reservation-released')
    expect((await actions(other)).slice(0, 2)).toEqual(['reservation-changed', 'reserved'])
    // Its own bytes are not in its way, others' are.
    await made()
    expect((await move({ machineId: lab, memory: [{ place: gpuPlace(card), bytes: 24 * GIB }] })).status).toBe(200)
    expect((await move({ startsAt: inHours(1), endsAt: null })).body.code).toBe('reservation-conflict')
  })

  it('gives it back, once', async () => {
    const { id } = await made()
    const released = await reserve.change(id, 'release', { message: 'done' })
    expect(released.body).toMatchObject({ state: 'released', revision: 2, memory: [{ bytes: 14 * GIB }] })
    expect(released.body.releasedAt).not.toBeNull()
    expect((await reserve.change(id, 'release')).body).toMatchObject({ state: 'released', revision: 2 })
    expect((await machine()).devices[0].memoryReserved).toBeUndefined()
    for (const [how, body] of [
      ['extend', { endsAt: null }],
      ['move', { startsAt: inHours(1) }],
    ] as const) {
      const refused = await reserve.change(id, how, body)
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'reservation-over', data: { id, state: 'released' } },
      })
    }
    expect((await made({ endsAt: null })).state).toBe('active')
  })

  it('is refused on what was changed since it was read', async () => {
    const { id } = await made()
    await reserve.change(id, 'extend', { endsAt: inHours(5), revision: 1 })
    for (const [how, body] of [
      ['extend', { endsAt: inHours(6) }],
      ['move', { endsAt: null }],
      ['release', {}],
    ] as const) {
      const refused = await reserve.change(id, how, { ...body, revision: 1 })
      expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', data: { id, given: 1, current: 2 } } })
    }
  })

  it('that shortens or gives back is allowed, whatever became of the machine', async () => {
    const { id } = await made()
    const extended = (endsAt: string) => reserve.change(id, 'extend', { endsAt })
    await berth.call('POST', '/api/v1/machines/import', {
      text: smiCsv([{ uuid: card, memoryMib: 8192 }, { uuid: second }], 'lab'),
    })
    expect((await extended(inHours(3))).status).toBe(200)
    expect((await extended(inHours(6))).body).toMatchObject({
      code: 'reservation-conflict',
      data: { conflicts: [{ requested: 14 * GIB, capacity: 8 * GIB, reservations: [] }] },
    })
    await berth.call('POST', '/api/v1/machines/import', { text: smiCsv([{ uuid: second }], 'lab') })
    expect((await extended(inHours(2))).status).toBe(200)
    expect(await extended(inHours(6))).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
    expect((await reserve.change(id, 'release')).body.state).toBe('released')
  })
})

describe('a machine', () => {
  it('stays while anything is reserved on it, and goes with what is over', async () => {
    const { id } = (await reserve.create(onCard(lab, card, 4))).body
    for (const refused of [
      await berth.call('DELETE', `/api/v1/machines/${lab}?withPlans=true`),
      await berth.call('POST', '/api/v1/machines/remove', { ids: [other, lab] }),
    ]) {
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'in-use', data: { count: 1, reservations: [{ id, purpose: 'chat' }] } },
      })
      expect(refused.body.detail).toBe('1 reservation holds memory of it: chat.')
    }
    await reserve.change(id, 'release')
    expect((await berth.call('DELETE', `/api/v1/machines/${lab}`)).status).toBe(200)
    expect((await reserve.get(`/${id}`)).status).toBe(404)
  })

  it('of the sample lab goes with what is reserved on it', async () => {
    const { machines } = (await berth.call('POST', '/api/v1/sample-lab')).body
    const sample = machines[0]
    expect((await reserve.create(onCard(sample.id, sample.devices[0].id, 1))).status).toBe(201)
    expect((await berth.call('DELETE', '/api/v1/sample-lab')).status).toBe(200)
    expect((await reserve.get('')).body.items).toEqual([])
  })

  it('has no host memory to give while nobody told how much there is', async () => {
    const onHost = { kind: 'memory', machineId: lab, memory: [{ place: hostPlace, bytes: GIB }] }
    const refused = await reserve.create({ what: onHost })
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid-input', fields: [{ path: 'memory[0].place' }] },
    })
    expect(refused.body.detail).toContain('How much memory the host of lab has is not known')
    const set = [{ figure: 'hostMemoryTotal', value: 64 * GIB }]
    await berth.call('PATCH', `/api/v1/machines/${lab}/overrides`, { set, reason: 'counted' })
    expect((await reserve.create({ what: onHost })).status).toBe(201)
    expect((await machine()).hostMemoryReserved).toBe(GIB)
  })
})
