import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { GIB, onCard, reserving } from '../../test/reservations.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'
import { toApiError } from '../to-api-error.ts'

let berth: TestServer
let reserve: ReturnType<typeof reserving>
let lab: string
let id: string
const [card, second] = [uuid(2), uuid(3)]

beforeAll(async () => {
  berth = await testServer()
  reserve = reserving(berth)
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.reservation.deleteMany()
  await berth.database.client.machine.deleteMany()
  lab = await reserve.lab(1, 'lab')
  // From 0 to 100 ms, which is long over: the database looks at no clock.
  id = (await reserve.create(onCard(lab, card, 10))).body.id
  await write((memory) => memory.updateMany({ data: { startsAtMs: 0n, endsAtMs: 100n } }))
})

type Memory = TestServer['database']['client']['reservedMemory']

/** Around everything that looks before it writes. */
const write = <Value>(work: (memory: Memory) => Promise<Value>): Promise<Value> =>
  work(berth.database.client.reservedMemory)

/** Another row, of a reservation of its own. */
async function insert(row: object): Promise<unknown> {
  const { client } = berth.database
  const { memory: _, ...made } = await client.reservation.findFirstOrThrow({ where: { id }, include: { memory: true } })
  const reservationId = `r${Math.random()}`
  await client.reservation.create({ data: { ...made, id: reservationId } })
  return write((memory) =>
    memory.create({
      data: {
        ...{ teamId: made.teamId, reservationId, machineId: lab, deviceId: card, bytes: gib(1) },
        ...{ startsAtMs: 0n, endsAtMs: 100n, ...row },
      },
    }),
  )
}

const gib = (size: number): bigint => BigInt(size * GIB)
const refused = { code: 'reservation-conflict' }
const outcome = (writing: Promise<unknown>) =>
  writing.then(
    () => 'written',
    (error: unknown) => ({ code: toApiError(error).code }),
  )

it.each([
  ['beside it', { bytes: gib(14) }, 'written'],
  ['one byte too much', { bytes: gib(14) + 1n }, refused],
  ['too much, begun before', { bytes: gib(15), startsAtMs: -50n, endsAtMs: 1n }, refused],
  ['too much, and open', { bytes: gib(15), startsAtMs: 99n, endsAtMs: null }, refused],
  ['until it starts', { bytes: gib(24), startsAtMs: -50n, endsAtMs: 0n }, 'written'],
  ['once it is over', { bytes: gib(24), startsAtMs: 100n, endsAtMs: null }, 'written'],
  ['around it', { bytes: gib(15), startsAtMs: -50n, endsAtMs: 200n }, refused],
  ['given back', { bytes: gib(99), over: true }, 'written'],
  ['on the other card', { bytes: gib(24), deviceId: second }, 'written'],
  ['on a card that is not there', { deviceId: 'gone' }, refused],
  ['on a host that nobody told about', { deviceId: '' }, refused],
])('a row is taken or refused by the database itself: %s', async (_, row, expected) => {
  expect(await outcome(insert(row))).toEqual(expected)
})

it.each([
  ['more bytes', { bytes: gib(12) }, refused],
  ['as many bytes as there are', { bytes: gib(11) }, 'written'],
  ['earlier', { startsAtMs: -1n }, 'written'],
  ['later, into another', { endsAtMs: 201n }, refused],
  ['later, as long as nobody is there', { endsAtMs: 150n }, 'written'],
  ['open', { endsAtMs: null }, refused],
  ['earlier to end', { endsAtMs: 1n }, 'written'],
  ['to another card', { deviceId: second }, 'written'],
  ['to a host that nobody told about', { deviceId: '' }, refused],
  ['given back', { over: true, bytes: gib(99) }, 'written'],
])('and so is a change of one: %s', async (_, data, expected) => {
  await insert({ bytes: gib(13), endsAtMs: 100n })
  await insert({ bytes: gib(15), startsAtMs: 150n, endsAtMs: null })
  expect(await outcome(write((memory) => memory.updateMany({ where: { reservationId: id }, data })))).toEqual(expected)
})

it('what is held already stays, and may shrink, when the card is smaller than that', async () => {
  const text = smiCsv([{ uuid: card, memoryMib: 8192 }, { uuid: second }], 'lab')
  await berth.call('POST', '/api/v1/machines/import', { text })
  const change = (data: object) => outcome(write((memory) => memory.updateMany({ where: { reservationId: id }, data })))
  expect(await change({ endsAtMs: 90n })).toBe('written')
  expect(await change({ startsAtMs: 10n, bytes: gib(9) })).toBe('written')
  expect(await change({ endsAtMs: 91n })).toEqual(refused)
  expect(await change({ startsAtMs: 9n })).toEqual(refused)
  expect(await change({ bytes: gib(8), startsAtMs: 0n })).toBe('written')
  expect(await change({ over: true })).toBe('written')
  expect(await change({ over: false })).toBe('written')
})

it('goes by what plans may use, after every write of a machine', async () => {
  const columns = async (): Promise<Answer> => {
    const row = await berth.database.client.machine.findFirstOrThrow({
      include: { devices: { orderBy: { id: 'asc' } } },
    })
    return [row.hostReservableBytes, ...row.devices.map(({ reservableBytes }) => reservableBytes)]
  }
  const overrides = (body: object) => berth.call('PATCH', `/api/v1/machines/${lab}/overrides`, body)
  const importText = (gpus: Parameters<typeof smiCsv>[0]) =>
    berth.call('POST', '/api/v1/machines/import', { text: smiCsv(gpus, 'lab') })
  expect(await columns()).toEqual([null, gib(24), gib(24)])
  const set = [
    { figure: 'hostMemoryTotal', value: 64 * GIB },
    { deviceId: card, figure: 'memory.policyReserved', value: 2 * GIB },
  ]
  await overrides({ set, reason: 'desktop' })
  expect(await columns()).toEqual([gib(64), gib(22), gib(24)])
  await importText([{ uuid: card, memoryMib: 12 * 1024 }])
  expect(await columns()).toEqual([gib(64), gib(10), 0n])
  await importText([{ uuid: card }, { uuid: second }])
  expect(await columns()).toEqual([gib(64), gib(22), gib(24)])
  await overrides({ remove: set })
  expect(await columns()).toEqual([null, gib(24), gib(24)])
  // What an older Berth left is put right before anything is reserved.
  await berth.database.client.device.updateMany({ data: { reservableBytes: 1n } })
  expect((await reserve.create(onCard(lab, second, 24))).status).toBe(201)
  expect(await columns()).toEqual([null, gib(24), gib(24)])
})
