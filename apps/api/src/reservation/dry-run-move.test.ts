import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { uuid } from '../../test/inventory-text.ts'
import { GIB, gpuPlace, inHours, onCard, reserving } from '../../test/reservations.ts'
import { testServer, type TestServer } from '../../test/server.ts'

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
  await berth.database.client.machine.deleteMany()
  lab = await reserve.lab(1, 'lab')
  other = await reserve.lab(2, 'other')
})

const made = async (body: object): Promise<string> => (await reserve.create(body)).body.id
const tried = (id: string, body: object) =>
  berth.call('POST', `/api/v1/reservations/${id}/move/dry-run`, body).then(({ body: answer }) => answer)

it('says what a move would take, and changes nothing', async () => {
  const endsAt = inHours(48)
  const id = await made({ ...onCard(lab, card, 10), endsAt })
  await made(onCard(other, elsewhere, 4))
  const before = (await reserve.get(`/${id}`)).body
  const answer = await tried(id, { machineId: other, memory: [{ place: gpuPlace(elsewhere), bytes: 10 * GIB }] })
  expect(answer).toMatchObject({
    allowed: true,
    machine: { id: other, name: 'other' },
    memory: [{ place: gpuPlace(elsewhere), bytes: 10 * GIB, reserved: 4 * GIB }],
    ...{ endsAt, conflicts: [], explanation: [] },
  })
  expect((await reserve.get(`/${id}`)).body).toEqual(before)
  const moved = await reserve.change(id, 'move', {
    machineId: other,
    memory: [{ place: gpuPlace(elsewhere), bytes: 10 * GIB }],
    inventoryIndex: answer.inventoryIndex,
  })
  expect(moved.status).toBe(200)
})

it('names who stands in the way, but never itself', async () => {
  const id = await made(onCard(lab, card, 20))
  expect(await tried(id, { memory: [{ place: gpuPlace(card), bytes: 22 * GIB }] })).toMatchObject({ allowed: true })
  const blocker = await made({ ...onCard(lab, second, 20), purpose: 'course' })
  expect(await tried(id, { memory: [{ place: gpuPlace(second), bytes: 10 * GIB }] })).toMatchObject({
    allowed: false,
    conflicts: [{ place: gpuPlace(second), reserved: 20 * GIB, reservations: [{ id: blocker, purpose: 'course' }] }],
  })
})

it.each([
  ['places elsewhere that nobody named', () => ({ machineId: other }), 'invalid-input'],
  [
    'a machine that is not there',
    () => ({ machineId: 'nowhere', memory: [{ place: gpuPlace(card), bytes: GIB }] }),
    'not-found',
  ],
])('refuses %s', async (_, body, code) => {
  const id = await made(onCard(lab, card, 10))
  expect((await tried(id, body())).code).toBe(code)
})

it('refuses to move what is over', async () => {
  const id = await made(onCard(lab, card, 10))
  await reserve.change(id, 'release')
  expect((await tried(id, { startsAt: inHours(2) })).code).toBe('reservation-over')
})
