import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fleetCsv, smallFleet } from '../../test/fleet.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
let ids: Readonly<Record<string, string>>
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.plan.deleteMany()
  await berth.database.client.machine.deleteMany()
  const { body } = await berth.call('POST', '/api/v1/machines/import', { text: fleetCsv(smallFleet) })
  ids = Object.fromEntries(body.machines.map(({ machine }: Answer) => [machine.name, machine.id]))
})

const every = async (): Promise<readonly Answer[]> => (await berth.call('GET', '/api/v1/machines')).body.items
const change = (input: object) => berth.call('PATCH', '/api/v1/machines', input)
const idsOf = (...names: readonly string[]) => names.map((name) => ids[name])

describe('changing many machines', () => {
  it('changes those that are named, and leaves alone what is so already', async () => {
    const input = {
      ids: idsOf('lab-1', 'ham-1'),
      site: 'Berlin',
      addLabels: { tier: 'silver' },
      removeLabels: ['rack'],
    }
    expect(await change(input)).toMatchObject({ status: 200, body: { ids: idsOf('lab-1', 'ham-1'), unchanged: 0 } })
    const [first, , , ham] = await every()
    expect(first).toMatchObject({ site: 'Berlin', owner: 'vision', labels: { tier: 'silver' }, revision: 2 })
    expect(ham).toMatchObject({ site: 'Berlin', labels: { true: '', tier: 'silver' }, revision: 2 })
    const before = await every()
    expect(await change(input)).toMatchObject({ status: 200, body: { ids: [], unchanged: 2 } })
    expect(await every()).toEqual(before)
  })

  it('changes all that pass a filter, once it finds as many as were seen', async () => {
    const input = { filter: { site: ['Berlin'], label: ['rack=a'] }, owner: 'speech', expectedCount: 2 }
    const before = await every()
    const refused = await change({ ...input, expectedCount: 3 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', data: { expected: 3, found: 2 } } })
    expect(await every()).toEqual(before)
    expect(await change(input)).toMatchObject({ body: { ids: idsOf('lab-1'), unchanged: 1 } })
    expect((await every()).map(({ owner }) => owner)).toEqual(['speech', 'speech', null, 'vision', null, null])
  })

  it('clears what is null', async () => {
    await change({ ids: idsOf('lab-1'), site: null, owner: null })
    expect((await every())[0]).toMatchObject({ site: null, owner: null, labels: { rack: 'a', tier: 'gold' } })
  })

  it('takes machines out of planning with a note, and puts them back', async () => {
    const some = idsOf('lab-1', 'lab-2')
    await change({ ids: some, maintenance: true, note: 'new fans' })
    const since = (await every())[0].maintenance.since
    expect((await change({ ids: some, maintenance: true, note: 'new fans' })).body).toEqual({ ids: [], unchanged: 2 })
    expect((await change({ ids: some, maintenance: true })).body).toEqual({ ids: [], unchanged: 2 })
    expect((await change({ ids: some, maintenance: true, note: null })).body).toEqual({ ids: some, unchanged: 0 })
    expect((await every())[0].maintenance).toEqual({ since, note: null })
    const all = Object.values(ids)
    expect((await change({ ids: all, maintenance: false })).body).toEqual({ ids: some, unchanged: 4 })
    expect((await every()).every(({ maintenance }) => maintenance === null)).toBe(true)
  })

  it('changes none where one is not there, or would have too many labels', async () => {
    const before = await every()
    const strange = await change({ ids: [...idsOf('lab-1'), 'nobody'], site: 'Köln' })
    expect(strange).toMatchObject({ status: 404, body: { code: 'not-found' } })
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, '']))
    const full = await change({ ids: idsOf('cpu-1', 'lab-1'), addLabels: many })
    expect(full).toMatchObject({ status: 422, body: { code: 'limit-exceeded', data: { limit: 100 } } })
    expect(full.body.detail).toBe('lab-1 would have 102 labels; 100 are the most.')
    expect(await every()).toEqual(before)
  })

  it.each<[object, string]>([
    [{ site: 'x' }, 'ids'],
    [{ ids: ['a'], filter: {}, site: 'x' }, 'ids'],
    [{ filter: { site: ['Berlin'] }, site: 'x' }, 'ids'],
    [{ ids: ['a'] }, 'site'],
    [{ ids: ['a'], note: 'x', site: 'x' }, 'note'],
    [{ ids: ['a'], site: '' }, 'site'],
    [{ ids: ['a'], owner: 'a\u0000' }, 'owner'],
    [{ ids: ['a'], addLabels: { rack: 'x'.repeat(64) } }, 'addLabels.rack'],
    [{ ids: ['a'], removeLabels: ['a b'] }, 'removeLabels[0]'],
    [{ ids: Array.from({ length: 1001 }, () => 'a'), site: 'x' }, 'ids'],
    // a slip of the pen would let every machine pass
    [{ filter: { sites: ['Berlin'] }, expectedCount: 6, site: 'x' }, 'filter'],
  ])('refuses %j', async (input, path) => {
    expect(await change(input)).toMatchObject({ status: 400, body: { code: 'invalid-input', fields: [{ path }] } })
  })
})

describe('removing many machines', () => {
  const remove = (input: object) => berth.call('POST', '/api/v1/machines/remove', input)

  it('removes all that pass a filter, or those that are named', async () => {
    const filter = { state: ['not-measured'] }
    expect(await remove({ filter, expectedCount: 2 })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await remove({ filter, expectedCount: 1 })).body).toEqual({ ids: idsOf('ham-2'), removedPlans: 0 })
    expect((await remove({ ids: idsOf('lab-1', 'lab-1', 'cpu-1') })).body.ids).toEqual(idsOf('lab-1', 'cpu-1'))
    expect((await every()).map(({ name }) => name)).toEqual(['lab-2', 'lab-10', 'ham-1'])
  })

  it('removes none where a plan is on one of them, unless the plans are to go too', async () => {
    const model = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
    const plan = { name: 'on it', model, machineId: ids['lab-2'], engine: 'llama.cpp', request: {} }
    expect((await berth.call('POST', '/api/v1/plans', plan)).status).toBe(201)
    const some = { ids: idsOf('lab-1', 'lab-2') }
    expect(await remove(some)).toMatchObject({ status: 409, body: { code: 'in-use' } })
    expect(await every()).toHaveLength(6)
    expect((await remove({ ...some, withPlans: true })).body).toEqual({ ids: some.ids, removedPlans: 1 })
    expect(await every()).toHaveLength(4)
  })
})

describe('one machine', () => {
  const update = (input: object) => berth.call('PATCH', `/api/v1/machines/${ids['lab-1']}`, input)

  it('is given a site, an owner and labels, and loses them', async () => {
    const said = { site: 'Köln', owner: 'ops', labels: { 'berth.dev/pool': 'a b' } }
    expect(await update(said)).toMatchObject({ status: 200, body: { ...said, name: 'lab-1', revision: 2 } })
    const none = { site: null, owner: null, labels: {} }
    expect(await update(none)).toMatchObject({ status: 200, body: none })
  })

  it('keeps them when its tools are read again', async () => {
    await update({ site: 'Köln' })
    const gpu = 'NVIDIA GeForce RTX 3090'
    const text = fleetCsv([['lab-1', '', '', '', gpu, 2, 5]])
    expect((await berth.call('POST', '/api/v1/machines/import', { text })).body.machines[0]).toMatchObject({
      change: 'changed',
      machine: { site: 'Köln', owner: 'vision', labels: { rack: 'a', tier: 'gold' } },
    })
  })

  it.each([
    [{ site: 'x'.repeat(201) }, 'site'],
    [{ labels: { 'a b': '' } }, 'labels.a b'],
    [{ labels: { a: 'x'.repeat(64) } }, 'labels.a'],
  ])('is not given %j', async (input, path) => {
    const { status, body } = await update(input)
    expect([status, body.code, body.fields[0].path]).toEqual([400, 'invalid-input', path])
  })
})
