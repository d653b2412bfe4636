import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { GIB, gpuPlace, hostPlace, inHours, onCard, reserving } from '../../test/reservations.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
let reserve: ReturnType<typeof reserving>
let lab: string
let other: string
const [card, second] = [uuid(2), uuid(3)]

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

const model = (id: string) => ({ kind: 'catalogue', id, mix: 'Q4_K_M' })
const inputs = (machineId: string, id = 'qwen3-8b') => ({
  ...{ model: model(id), machineId, engine: 'llama.cpp' },
  request: { contextLength: 8192 },
})
const save = async (machineId = lab, id?: string): Promise<Answer> =>
  (await berth.call('POST', '/api/v1/plans', { name: 'chat', ...inputs(machineId, id) })).body
const judged = async (planId: string): Promise<Answer> => (await berth.call('GET', `/api/v1/plans/${planId}`)).body
const required = (placement: Answer) =>
  placement.memory
    .filter((one: Answer) => one.required > 0 && one.capacityUnknown !== true)
    .map((one: Answer) => ({ place: one.place, bytes: one.required }))
const untold = 'How much memory the host of lab has is not known, so its part is not reserved.'

describe('a plan', () => {
  it('is reserved by what it takes, and links to it while it is there', async () => {
    const plan = await save()
    const { best } = (await judged(plan.id)).result
    const what = { kind: 'plan', planId: plan.id }
    const dry = (await reserve.dryRun({ what })).body
    expect(dry).toMatchObject({ allowed: true, model: plan.modelName, engine: 'llama.cpp', warnings: [untold] })
    expect(dry.memory.map(({ place, bytes }: Answer) => ({ place, bytes }))).toEqual(required(best))
    const { body } = await reserve.create({ what, inventoryIndex: dry.inventoryIndex })
    expect(body).toMatchObject({ plan: { id: plan.id, name: 'chat' }, model: plan.modelName, engine: 'llama.cpp' })
    expect(body.memory.map(({ place, bytes }: Answer) => ({ place, bytes }))).toEqual(required(best))
    expect((await reserve.get(`?planId=${plan.id}`)).body.items).toHaveLength(1)
    await berth.call('DELETE', `/api/v1/plans/${plan.id}`)
    expect((await reserve.get(`/${body.id}`)).body).toMatchObject({ plan: null, model: plan.modelName })
    expect((await reserve.create({ what })).status).toBe(404)
  })

  it('finds what is free in its window, and several of a call find what the ones before leave', async () => {
    await reserve.create({ ...onCard(lab, card, 24), endsAt: inHours(2) })
    const what = { kind: 'inputs', ...inputs(lab) }
    const places = ({ memory }: Answer) => memory.map(({ place }: Answer) => place.device)
    const onSecond = (await reserve.dryRun({ what, endsAt: inHours(1) })).body
    expect(onSecond).toMatchObject({ allowed: true })
    expect(places(onSecond)).toEqual([second])
    const many = (await reserve.createMany([{ what }, { what }, { what }])).body.reservations
    expect(many.map(places)).toEqual([[second], [second], [second]])
    // Once the first is over, the card is free again.
    const later = { what, startsAt: inHours(3), endsAt: inHours(4) }
    expect(places((await reserve.dryRun(later)).body)).toEqual([card])
  })

  it('that fits but for others names them', async () => {
    await reserve.create({ ...onCard(lab, card, 24), purpose: 'one' })
    await reserve.create({ ...onCard(lab, second, 23), purpose: 'two' })
    const refused = await reserve.create({ what: { kind: 'inputs', ...inputs(lab) } })
    expect(refused).toMatchObject({ status: 409, body: { code: 'reservation-conflict' } })
    expect(refused.body.detail).toMatch(/(?:one|two) of nlp/)
    // Planning goes by the same: what is reserved is not free.
    const { result } = await judged((await save()).id)
    expect(result).toMatchObject({ fits: false })
    expect(result.nearest.memory[0]).toMatchObject({ reserved: 24 * GIB })
  })

  it('that fits nowhere on the machine says so', async () => {
    const what = { kind: 'inputs', ...inputs(lab, 'llama-3.1-405b') }
    const dry = (await reserve.dryRun({ what })).body
    expect(dry).toMatchObject({ allowed: false, memory: [], conflicts: [], fitsFrom: null })
    expect(dry.explanation.length).toBeGreaterThan(0)
    const refused = await reserve.create({ what })
    expect(refused).toMatchObject({ status: 422, body: { code: 'does-not-fit', data: { machine: 'lab' } } })
  })

  it('whose own run is measured already is reserved with a warning', async () => {
    const gpus = [card, second].map((id) => ({ uuid: id, usedMib: 24_000 }))
    await berth.call('POST', '/api/v1/machines/import', { text: smiCsv(gpus, 'lab') })
    const { body } = await reserve.create({ what: { kind: 'inputs', ...inputs(lab) } })
    expect(body.warnings).toEqual([
      'What is measured in use now leaves too little room. Unless that is this very model, it must end before this starts.',
      untold,
    ])
  })

  it('is judged anew where it moves to', async () => {
    const { body } = await reserve.create({ what: { kind: 'inputs', ...inputs(lab) } })
    const moved = (await reserve.change(body.id, 'move', { machineId: other })).body
    expect(moved).toMatchObject({ machine: { name: 'other' }, model: body.model, engine: 'llama.cpp' })
    const sizes = ({ memory }: Answer) => memory.map(({ bytes }: Answer) => bytes)
    expect(sizes(moved)).toEqual(sizes(body))
    expect(moved.memory.map(({ place }: Answer) => place.device)).toEqual([uuid(4), uuid(5)])
    expect((await reserve.change(body.id, 'move', { machineId: 'gone' })).status).toBe(404)
  })

  it('in maintenance is reserved with a warning', async () => {
    await berth.call('PATCH', `/api/v1/machines/${lab}`, { maintenance: true, note: 'fans' })
    const { body } = await reserve.create(onCard(lab, card, 1))
    expect(body.warnings).toEqual(['lab is in maintenance: fans.'])
  })
})

describe('devices that share the host’s memory', () => {
  it('hold both, and show what is whose', async () => {
    const read = (await berth.call('GET', `/api/v1/machines/export?format=json&id=${lab}`)).body
    const devices = read.devices.map((device: Answer) => ({ ...device, unified: true }))
    const text = JSON.stringify({ ...read, devices, hostMemoryTotal: 32 * GIB })
    const [{ machine: mac }] = (await berth.call('POST', '/api/v1/machines/import', { text })).body.machines
    const [gpu] = mac.devices
    expect(gpu.unified).toBe(true)
    const memory = [
      { place: gpuPlace(gpu.id), bytes: 4 * GIB },
      { place: hostPlace, bytes: 2 * GIB },
    ]
    const { body } = await reserve.create({ what: { kind: 'memory', machineId: mac.id, memory } })
    expect(body.memory.map(({ place, bytes }: Answer) => ({ place, bytes }))).toEqual(memory)
    const { body: now } = await berth.call('GET', `/api/v1/machines/${mac.id}`)
    expect([now.devices[0].memoryReserved, now.hostMemoryReserved]).toEqual([4 * GIB, 6 * GIB])
    const rest = { place: hostPlace, bytes: mac.hostMemoryTotal - 6 * GIB + 1 }
    const tooMuch = await reserve.create({ what: { kind: 'memory', machineId: mac.id, memory: [rest] } })
    expect(tooMuch.body.data.conflicts).toMatchObject([{ place: hostPlace, reserved: 6 * GIB, short: 1 }])
    const dry = await reserve.dryRun({ what: { kind: 'memory', machineId: mac.id, memory: [memory[0]] } })
    expect(dry.body.memory).toHaveLength(1)
  })
})
