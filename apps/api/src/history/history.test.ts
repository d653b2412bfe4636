import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { smiCsv, twoGpus, uuid } from '../../test/inventory-text.ts'
import { type Answer, testClient, testServer, type TestServer } from '../../test/server.ts'
import { recordChange } from './repository.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.machine.deleteMany()
  await berth.database.client.change.deleteMany()
})

const importText = (text: string, more: object = {}) => berth.call('POST', '/api/v1/machines/import', { text, ...more })
const imported = async (text: string): Promise<string> => (await importText(text)).body.machines[0].machine.id
const changes = async (query = ''): Promise<Answer> => (await berth.call('GET', `/api/v1/changes${query}`)).body
const history = async (id: string): Promise<Answer> =>
  (await berth.call('GET', `/api/v1/machines/${id}/history`)).body.items
/** What of a change is the same in every run. */
const plain = ({ action, message, differences }: Answer) => ({ action, message, differences })

it('tells the life of a machine, the newest first', async () => {
  const id = await imported(twoGpus(1, 'lab'))
  const path = `/api/v1/machines/${id}`
  await importText(smiCsv([{ uuid: uuid(2), memoryMib: 24_564 }], 'lab'), { message: 'after the move' })
  await importText(twoGpus(1, 'lab'))
  await berth.call('PATCH', path, { name: 'lab-1', site: 'B2', labels: { team: 'nlp' }, message: 'moved' })
  await berth.call('PATCH', path, { maintenance: true, note: 'new fans' })
  await berth.call('PATCH', path, { maintenance: false, site: null, labels: {} })
  const set = [{ deviceId: uuid(2), figure: 'memory.policyReserved', value: GIB }]
  await berth.call('PATCH', `${path}/overrides`, { set, reason: 'the desktop' })
  await berth.call('PATCH', `${path}/overrides`, { remove: set })
  await importText(smiCsv([{ uuid: uuid(2) }], 'lab-1'))
  await berth.call('DELETE', `${path}/devices/${uuid(3)}?message=sold`)
  await berth.call('DELETE', `${path}?message=to+the+museum`)

  const items = await history(id)
  const name = 'NVIDIA GeForce RTX 3090'
  const reserved = { path: 'GPU 0 memory.policyReserved.bytes', before: null, after: String(GIB) }
  const total = { path: 'GPU 0 memoryForPlans', before: String(24_576 * MIB), after: String(24_576 * MIB - GIB) }
  const back = ({ path: at, before, after }: Answer) => ({ path: at, before: after, after: before })
  const read = ['memory.reported.bytes', 'memoryForPlans'].map((field) => `GPU 0 ${field}`)
  const changed = (before: number, after: number) =>
    read.map((at) => ({ path: at, before: String(before * MIB), after: String(after * MIB) }))
  expect(items.toReversed().map(plain)).toEqual([
    {
      action: 'created',
      message: null,
      differences: [
        { path: 'origin', before: null, after: 'import' },
        { path: 'GPU 0', before: null, after: name },
        { path: 'GPU 1', before: null, after: name },
      ],
    },
    {
      action: 'imported',
      message: 'after the move',
      differences: [
        changed(24_576, 24_564)[0],
        { path: 'GPU 1', before: name, after: null },
        changed(24_576, 24_564)[1],
      ],
    },
    {
      action: 'imported',
      message: null,
      differences: [{ path: 'GPU 1', before: null, after: name }, ...changed(24_564, 24_576)],
    },
    {
      action: 'updated',
      message: 'moved',
      differences: [
        { path: 'name', before: 'lab', after: 'lab-1' },
        { path: 'site', before: null, after: 'B2' },
        { path: 'label team', before: null, after: 'nlp' },
      ],
    },
    {
      action: 'updated',
      message: null,
      differences: [
        { path: 'maintenance', before: null, after: 'on' },
        { path: 'maintenance note', before: null, after: 'new fans' },
      ],
    },
    {
      action: 'updated',
      message: null,
      differences: [
        { path: 'site', before: 'B2', after: null },
        { path: 'maintenance', before: 'on', after: null },
        { path: 'maintenance note', before: 'new fans', after: null },
        { path: 'label team', before: 'nlp', after: null },
      ],
    },
    { action: 'overridden', message: 'the desktop', differences: [reserved, total] },
    { action: 'restored', message: null, differences: [reserved, total].map(back) },
    { action: 'imported', message: null, differences: [{ path: 'GPU 1', before: name, after: null }] },
    { action: 'device-forgotten', message: 'sold', differences: [{ path: 'GPU 1', before: name, after: null }] },
    { action: 'removed', message: 'to the museum', differences: [{ path: 'GPU 0', before: name, after: null }] },
  ])
  expect(items[0]).toMatchObject({ machineId: id, machineName: 'lab-1', machineRemoved: true, source: 'api' })
  expect(items.at(-1)).toMatchObject({ machineName: 'lab', machineRemoved: true, differencesOmitted: 0 })
  expect((await changes(`?machineId=${id}`)).items).toEqual(items)
})

it('says where a machine comes from, and takes one request together', async () => {
  const made = await berth.call('POST', '/api/v1/machines', {
    name: 'what if',
    gpus: [{ gpu: 'RTX 3090' }],
    hostMemoryBytes: 64 * GIB,
    message: 'for the budget',
  })
  await berth.call('POST', `/api/v1/machines/${made.body.id}/clone`, { count: 2 })
  await berth.call('POST', '/api/v1/sample-lab')
  const { items } = await changes()
  const origins = items.map(({ differences }: Answer) => differences[0].after as string)
  const clone = 'clone of what if'
  expect(origins).toEqual([...Array.from({ length: 4 }, () => 'sample lab'), clone, clone, 'catalogue'])
  expect(items.at(-1)).toMatchObject({ message: 'for the budget', source: 'api' })
  expect(items.at(-1).differences[1]).toEqual({ path: 'hostMemoryTotal', before: null, after: String(64 * GIB) })
  expect(new Set(items.map(({ requestId }: Answer) => requestId as string)).size).toBe(3)
  expect(items[4].requestId).toBe(items[5].requestId)
})

it('a measurement alone, and the same again, leave nothing', async () => {
  const text = (used: number) => smiCsv([{ uuid: uuid(1), usedMib: used }], 'lab')
  const id = await imported(text(1))
  const again = await importText(text(9000))
  expect(again.body.machines).toMatchObject([{ change: 'changed', machine: { devices: [{ memoryUsed: 9000 * MIB }] } }])
  await importText(text(9000))
  await berth.call('PATCH', `/api/v1/machines/${id}`, { name: 'lab' })
  expect(await history(id)).toMatchObject([{ action: 'created' }])
})

it('an import changes what plans go by where nothing is set by hand', async () => {
  const id = await imported(twoGpus(1, 'lab'))
  const set = [{ deviceId: uuid(2), figure: 'memory.reported', value: 20 * GIB }]
  await berth.call('PATCH', `/api/v1/machines/${id}/overrides`, { set, reason: 'counted' })
  await importText(twoGpus(1, 'lab').replaceAll('24576 MiB', '24564 MiB'))
  const [{ differences }] = await history(id)
  const paths = differences.map(({ path }: Answer) => path as string)
  expect(paths).toEqual(['GPU 0 memory.reported.bytes', 'GPU 1 memory.reported.bytes', 'GPU 1 memoryForPlans'])
})

it('what was set on a card that is cut anew goes with it, and is told', async () => {
  const card = { name: 'NVIDIA A100-SXM4-40GB', backend: 'cuda', unified: false, memoryTotal: 20 * GIB }
  const memory = { reported: { bytes: 20 * GIB, provenance: 'measured' } }
  const parent = { ...card, memory, id: 'GPU-p', index: 0, uuid: 'GPU-p', migEnabled: true }
  const slice = (at: string) => ({ ...card, memory, id: at, index: 1, uuid: at, migParent: 'GPU-p' })
  const cut = (at: string) =>
    JSON.stringify({ berth: 'machine', version: 1, id: 'mig', name: 'mig', links: [], devices: [parent, slice(at)] })
  const id = await imported(cut('MIG-a'))
  const set = [{ deviceId: 'MIG-a', figure: 'memory.policyReserved', value: GIB }]
  await berth.call('PATCH', `/api/v1/machines/${id}/overrides`, { set, reason: 'tests run there' })
  await importText(cut('MIG-b'))
  const [{ action, differences }] = await history(id)
  expect(action).toBe('imported')
  expect(differences).toContainEqual({ path: 'GPU 1 memory.policyReserved.bytes', before: String(GIB), after: null })
})

it('what fails leaves nothing', async () => {
  await importText(twoGpus(1, 'a') + twoGpus(2, 'b'))
  const before = await changes()
  const [{ machineId }] = before.items
  expect((await berth.call('PATCH', `/api/v1/machines/${machineId}`, { name: 'a', site: 'x' })).status).toBe(409)
  expect((await importText(twoGpus(5, 'new') + twoGpus(7, 'a'))).status).toBe(409)
  expect((await berth.call('PATCH', `/api/v1/machines/${machineId}`, { name: 'c', message: '\u0007' })).status).toBe(
    400,
  )
  expect(await changes()).toEqual(before)
})

it('the pages’ own changes are told from scripts’', async () => {
  const { client } = await testClient(berth)
  const { machines } = await client.machines.import.mutate({ text: twoGpus(1, 'lab') })
  await client.machines.update.mutate({ id: machines[0]!.machine.id, name: 'renamed', message: 'typo' })
  const { items } = await client.history.ofMachine.query({ id: machines[0]!.machine.id })
  expect(items.map(({ source, action, message }) => [source, action, message])).toEqual([
    ['page', 'updated', 'typo'],
    ['page', 'created', null],
  ])
})

it('is read in pages, by action and since a time', async () => {
  const id = await imported(twoGpus(1, 'lab'))
  for (const number of [1, 2, 3, 4]) await berth.call('PATCH', `/api/v1/machines/${id}`, { site: `room ${number}` })
  const all = (await changes()).items
  const paged: Answer[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Answer = await changes(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(page.items.length).toBeLessThanOrEqual(2)
    paged.push(...page.items)
    cursor = page.nextCursor as string | null
  }
  expect(paged).toEqual(all)
  expect(all).toHaveLength(5)
  expect((await changes('?action=created')).items).toEqual([all[4]])
  expect((await changes(`?since=${all[1].createdAt}&action=updated`)).items).toEqual(all.slice(0, 2))
  expect((await changes('?since=2999-01-01T00:00:00Z')).items).toEqual([])
  expect((await changes('?machineId=nobody')).items).toEqual([])
})

it.each(['action=erased', 'since=yesterday', 'limit=101', 'limit=0', 'cursor=%00', 'machineId=a/b'])(
  'is not read by %s',
  async (query) => {
    const path = query.split('=')[0]
    expect(await berth.call('GET', `/api/v1/changes?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-input', fields: [{ path }] },
    })
  },
)

it('of a machine that never was there is not found', async () => {
  expect((await berth.call('GET', '/api/v1/machines/nobody/history')).status).toBe(404)
})

it('lists a hundred differences of one change, says how many more there were, and cuts long values', async () => {
  const { client } = berth.database
  const differences = Array.from({ length: 130 }, (_, at) => ({
    path: `GPU ${at}`,
    before: null,
    after: '🙂'.repeat(at === 0 ? 501 : 500),
  }))
  const by = { source: 'api', requestId: 'r' }
  const machine = { id: 'big', name: 'big' }
  await recordChange(client, { teamId: 'local', machine, action: 'imported', differences, by })
  const [change] = await history('big')
  expect(change).toMatchObject({ differencesOmitted: 30 })
  expect(change.differences).toHaveLength(100)
  expect(change.differences[0].after).toBe(`${'🙂'.repeat(499)}…`)
  expect(change.differences[1].after).toBe('🙂'.repeat(500))
})
