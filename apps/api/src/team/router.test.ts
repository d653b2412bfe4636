import { requestDefaults } from '@berth/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 2 ** 30
const model = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
let berth: TestServer
let machineId: string
beforeAll(async () => {
  berth = await testServer()
  const text = smiCsv([{ uuid: uuid(1) }], 'lab')
  machineId = (await berth.call('POST', '/api/v1/machines/import', { text })).body.machines[0].machine.id
})
afterAll(() => berth.close())

const set = (marginBytes: unknown) => berth.call('PATCH', '/api/v1/team', { marginBytes })

/** The margin that a plan of the only machine keeps. */
async function marginOf(request: object): Promise<number> {
  const { body } = await berth.call('POST', '/api/v1/plans/evaluate', { model, engine: 'llama.cpp', request })
  return body.results[0].best.memory[0].margin
}

it('plans keep the engine’s margin until the team has one of its own', async () => {
  expect((await berth.call('GET', '/api/v1/team')).body).toMatchObject({ marginBytes: null })
  expect(await marginOf({ contextLength: 4096 })).toBe(requestDefaults.margin)
  expect((await set(3 * GIB)).body).toMatchObject({ marginBytes: 3 * GIB })
  expect(await marginOf({ contextLength: 4096 })).toBe(3 * GIB)
  expect(await marginOf({ contextLength: 4096, margin: 0 })).toBe(0)
})

it('every kind of plan keeps it, and a saved one keeps what it had', async () => {
  await set(2 * GIB)
  const request = { contextLength: 4096 }
  const asked = { model, engine: 'llama.cpp', request }
  const solved = await berth.call('POST', '/api/v1/plans/solve', { ...asked, unknown: 'context' })
  expect(solved.body.results[0].solution.request.margin).toBe(2 * GIB)
  const joint = { models: [{ model, request }], engine: 'llama.cpp' }
  const together = await berth.call('POST', '/api/v1/plans/together', joint)
  expect(together.body.results[0].placements[0].placement.settings.margin).toBe(2 * GIB)
  const saved = await berth.call('POST', '/api/v1/plans', { ...asked, name: 'kept', machineId })
  await set(null)
  const { body } = await berth.call('GET', `/api/v1/plans/${saved.body.id}`)
  expect([body.request.margin, body.result.best.settings.margin]).toEqual([2 * GIB, 2 * GIB])
})

it('the model that room is left for keeps it too, where nothing else is asked of it', async () => {
  await set(2 * GIB)
  const save = (other: object): Promise<Answer> =>
    berth.call('POST', '/api/v1/plans', {
      ...{ model, engine: 'llama.cpp', request: { contextLength: 4096 }, name: 'beside another', machineId },
      ...{ preference: 'room-for-another', other: { model, request: other } },
    })
  const margins = [await save({}), await save({ margin: 0 })].map(({ body }) => body.other.request.margin)
  expect(margins).toEqual([2 * GIB, 0])
})

it.each([-1, 1.5, 2 ** 41, '1 GiB', undefined])('no margin is %s', async (margin) => {
  expect(await set(margin)).toMatchObject({
    status: 400,
    body: { code: 'invalid-input', fields: [{ path: 'marginBytes' }] },
  })
})
