/* oxlint-disable no-underscore-dangle -- the name is tRPC's */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { smiCsv, twoGpus, uuid } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'
import { appRouter } from '../router.ts'

let berth: TestServer
let id: string
let other: string
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.reservation.deleteMany()
  await berth.database.client.machine.deleteMany()
  const { body } = await importText(twoGpus(1, 'lab') + twoGpus(5, 'other'))
  ;[id, other] = body.machines.map(({ machine }: Answer) => machine.id)
  await importText(smiCsv([{ uuid: uuid(2) }], 'lab'))
  await berth.database.client.change.deleteMany()
})

const importText = (text: string) => berth.call('POST', '/api/v1/machines/import', { text })
const call = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
  berth.call(method, `/api/v1${path}`, body)

/** Bytes of the first card of a machine. */
const onCard = (machineId: string, device: string) => ({
  ...{ purpose: 'chat', owner: 'nlp' },
  what: { kind: 'memory', machineId, memory: [{ place: { kind: 'device', device }, bytes: 1024 }] },
})
/** A change of a reservation that is there before. */
const onReserved = async (how: string, body: object = {}) => {
  const { body: made } = await call('POST', '/reservations', onCard(id, uuid(2)))
  await berth.database.client.change.deleteMany()
  reservedBefore = await machines()
  return call('POST', `/reservations/${made.id}/${how}`, body)
}
/** What there was once that was made. */
let reservedBefore: ReadonlyMap<string, string> | undefined

type Write = () => Promise<{ readonly status: number }>

/** A call of each mutation under `machines` and `reservations`. Of those that write no machine it says so. */
const writes: Readonly<Record<string, Write | 'writes nothing'>> = {
  'machines.previewImport': 'writes nothing',
  'machines.import': () => importText(twoGpus(1, 'lab') + twoGpus(9, 'new')),
  'machines.create': () => call('POST', '/machines', { name: 'what if', gpus: [{ gpu: 'RTX 3090' }] }),
  'machines.clone': () => call('POST', `/machines/${id}/clone`, { count: 3 }),
  'machines.update': () => call('PATCH', `/machines/${id}`, { owner: 'nlp' }),
  'machines.updateMany': () => call('PATCH', '/machines', { ids: [id], site: 'Berlin' }),
  'machines.removeMany': () => call('POST', '/machines/remove', { ids: [id] }),
  'machines.setOverrides': () =>
    call('PATCH', `/machines/${id}/overrides`, { set: [{ figure: 'cpuCores', value: 8 }], reason: 'counted' }),
  'machines.remove': () => call('DELETE', `/machines/${id}`),
  'machines.removeDevice': () => call('DELETE', `/machines/${id}/devices/${uuid(3)}`),
  'machines.addSampleLab': () => call('POST', '/sample-lab'),
  'machines.removeSampleLab': async () => {
    await call('POST', '/sample-lab')
    await berth.database.client.change.deleteMany()
    return call('DELETE', '/sample-lab')
  },
  'reservations.dryRun': 'writes nothing',
  'reservations.dryRunMove': 'writes nothing',
  'reservations.create': () => call('POST', '/reservations', onCard(id, uuid(2))),
  'reservations.createMany': () => call('POST', '/reservations/many', { reservations: [onCard(id, uuid(2))] }),
  'reservations.extend': () => onReserved('extend', { endsAt: '2035-01-01T00:00:00Z' }),
  'reservations.move': () => onReserved('move', { memory: [{ place: gpu, bytes: 2048 }] }),
  'reservations.release': () => onReserved('release'),
}
const gpu = { kind: 'device', device: uuid(2) }

const mutations = Object.entries(
  appRouter._def.procedures as unknown as Readonly<Record<string, { readonly _def: { readonly type: string } }>>,
)
  .filter(([name, { _def }]) => /^(?:machines|reservations)\./.test(name) && _def.type === 'mutation')
  .map(([name]) => name)

/** Every machine as its rows are, but for what is measured and when. */
async function machines(): Promise<ReadonlyMap<string, string>> {
  const rows = await berth.database.client.machine.findMany({ include: { devices: { orderBy: { id: 'asc' } } } })
  return new Map(
    rows.map(({ updatedAt: _u, readAt: _r, hostMemoryUsedBytes: _h, revision: _n, devices, ...row }) => {
      const plain = devices.map(({ memoryUsedBytes: _m, ...device }) => device)
      return [
        row.id,
        JSON.stringify([row, plain], (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      ]
    }),
  )
}

it('every mutation of machines is tried here', () => {
  expect(Object.keys(writes).toSorted()).toEqual(mutations.toSorted())
  expect(mutations.length).toBeGreaterThan(8)
})

it.each(
  Object.entries(writes).flatMap(([name, write]) => (write === 'writes nothing' ? [] : [[name, write] as const])),
)('%s leaves a change of every machine that it writes, and of no other', async (name, write) => {
  const lab = name === 'machines.removeSampleLab' ? (await call('POST', '/sample-lab'), await machines()) : undefined
  const before = lab ?? (await machines())
  expect((await write()).status).toBeLessThan(300)
  const after = await machines()
  const known = reservedBefore ?? before
  reservedBefore = undefined
  const written = [...new Set([...known.keys(), ...after.keys()])].filter((key) => known.get(key) !== after.get(key))
  expect(written.length).toBeGreaterThan(0)
  const changes = await berth.database.client.change.findMany()
  expect(changes.map(({ machineId }) => machineId).toSorted()).toEqual(written.toSorted())
  expect(written).not.toContain(other)
  expect(new Set(changes.map(({ requestId }) => requestId)).size).toBe(1)
})
