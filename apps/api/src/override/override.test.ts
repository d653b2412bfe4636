import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2
const gpu = uuid(1)
const textOf = (memoryMib: number, usedMib = 1) => smiCsv([{ uuid: gpu, memoryMib, usedMib }], 'lab')

let berth: TestServer
let id: string
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.machine.deleteMany()
  await berth.database.client.change.deleteMany()
  id = (await importText(textOf(24_576))).body.machines[0].machine.id
})

const importText = (text: string) => berth.call('POST', '/api/v1/machines/import', { text })
const change = (input: object) => berth.call('PATCH', `/api/v1/machines/${id}/overrides`, input)
const machine = async (): Promise<Answer> => (await berth.call('GET', `/api/v1/machines/${id}`)).body
const reserve = { deviceId: gpu, figure: 'memory.policyReserved', value: 2 * GIB }
const reason = 'the desktop needs it'

it('a figure that is set stands for what was read, which is kept beside it', async () => {
  const before = await machine()
  const set = { deviceId: gpu, figure: 'memory.reported', value: 20 * GIB }
  const answer = await change({ set: [set, { figure: 'cpuCores', value: 16 }], reason })
  expect(answer.status).toBe(200)
  const { rawText, ...after } = await machine()
  expect(answer.body).toEqual(after)
  expect(rawText).toBe(before.rawText)
  expect(after).toMatchObject({
    cpuCores: 16,
    revision: 2,
    devices: [{ memoryTotal: 20 * GIB, memory: { reported: { bytes: 20 * GIB, provenance: 'typed' } } }],
  })
  const [ofMachine, ofDevice] = after.overrides
  expect(ofMachine).toEqual({
    ...{ deviceId: null, figure: 'cpuCores', value: 16, reason, setAt: ofDevice.setAt },
    ...{ was: null, reading: null, hidesNewer: false, inForce: true },
  })
  expect(ofDevice).toEqual({
    ...{ deviceId: gpu, figure: 'memory.reported', value: 20 * GIB, reason, setAt: expect.any(String) as string },
    ...{ was: 24_576 * MIB, reading: 24_576 * MIB, hidesNewer: false, inForce: true },
  })

  const remove = [{ figure: 'cpuCores' }, { deviceId: gpu, figure: 'memory.reported' }]
  const { revision: _r, updatedAt: _u, ...restored } = (await change({ remove })).body
  const { revision: _s, updatedAt: _v, rawText: _t, ...original } = before
  expect(restored).toEqual(original)
})

it('plans go by what is set, and keep what is kept back', async () => {
  const asked = { model: { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }, engine: 'llama.cpp', request: {} }
  const capacity = async () =>
    (await berth.call('POST', '/api/v1/plans/evaluate', asked)).body.results[0].best.memory[0].capacity
  expect(await capacity()).toBe(24_576 * MIB)
  await change({ set: [reserve], reason })
  expect(await capacity()).toBe(24_576 * MIB - 2 * GIB)
  await change({ remove: [reserve] })
  expect(await capacity()).toBe(24_576 * MIB)
})

it('an import compares with what tools printed, and says what an override hides', async () => {
  await change({ set: [{ ...reserve, figure: 'memory.reported' }], reason })
  expect((await importText(textOf(24_576))).body.machines).toMatchObject([{ change: 'unchanged' }])
  expect((await importText(textOf(24_564))).body.machines).toMatchObject([{ change: 'changed' }])
  expect((await importText(textOf(24_564))).body.machines).toMatchObject([{ change: 'unchanged' }])
  const { devices, overrides } = await machine()
  expect(devices[0].memoryTotal).toBe(2 * GIB)
  expect(overrides).toMatchObject([{ was: 24_576 * MIB, reading: 24_564 * MIB, hidesNewer: true }])
  // Set again, it is set in knowledge of the newer reading.
  const { body } = await change({ set: [{ ...reserve, figure: 'memory.reported' }], reason })
  expect(body.overrides).toMatchObject([{ was: 24_564 * MIB, hidesNewer: false }])
})

it('the same again is no change', async () => {
  const first = await change({ set: [reserve], reason })
  expect((await change({ set: [reserve], reason })).body).toEqual(first.body)
  expect((await change({ remove: [{ figure: 'cpuCores' }] })).body).toEqual(first.body)
  expect(await berth.database.client.change.count({ where: { action: 'overridden' } })).toBe(1)
})

it('of a device that is missing nothing is lost, and it counts again when that is back', async () => {
  await change({ set: [reserve], reason })
  const two = smiCsv([{ uuid: gpu }, { uuid: uuid(2) }], 'lab')
  await importText(two)
  await importText(smiCsv([{ uuid: uuid(2) }], 'lab'))
  const gone = await machine()
  expect(gone.devices).toHaveLength(1)
  expect(gone.overrides).toMatchObject([{ deviceId: gpu, value: 2 * GIB, inForce: false }])
  expect(await change({ set: [reserve], reason })).toMatchObject({ status: 404, body: { code: 'not-found' } })
  await importText(two)
  const back = await machine()
  expect(back.overrides).toMatchObject([{ deviceId: gpu, inForce: true }])
  expect(back.devices[0].memoryTotal).toBe(24_576 * MIB - 2 * GIB)
})

it('a clone has them with their reasons', async () => {
  await change({ set: [reserve, { figure: 'hostMemoryTotal', value: 64 * GIB }], reason })
  const [clone] = (await berth.call('POST', `/api/v1/machines/${id}/clone`, {})).body.machines
  expect(clone).toMatchObject({
    hostMemoryTotal: 64 * GIB,
    devices: [{ id: 'clone-gpu-0', memoryTotal: 24_576 * MIB - 2 * GIB }],
    overrides: [
      { deviceId: null, figure: 'hostMemoryTotal', reason },
      { deviceId: 'clone-gpu-0', figure: 'memory.policyReserved', reason },
    ],
  })
  const remove = [{ ...reserve, deviceId: 'clone-gpu-0' }]
  const restored = await berth.call('PATCH', `/api/v1/machines/${clone.id}/overrides`, { remove })
  expect(restored.body.devices[0].memoryTotal).toBe(24_576 * MIB)
  expect((await machine()).overrides).toHaveLength(2)
})

describe('refused, with nothing saved:', () => {
  it.each<[string, object, string]>([
    ['nothing', {}, 'set'],
    ['no reason', { set: [reserve] }, 'reason'],
    ['an empty reason', { set: [reserve], reason: ' ' }, 'reason'],
    ['a long reason', { set: [reserve], reason: 'x'.repeat(501) }, 'reason'],
    ['control characters', { set: [reserve], reason: 'a\u202Eb' }, 'reason'],
    ['an unknown figure', { set: [{ ...reserve, figure: 'memoryTotal' }], reason }, 'set[0].figure'],
    ['a figure of every object', { set: [{ ...reserve, figure: 'constructor' }], reason }, 'set[0].figure'],
    ['a device’s figure of the machine', { set: [{ ...reserve, deviceId: null }], reason }, 'set[0].deviceId'],
    [
      'a machine’s figure of a device',
      { set: [{ ...reserve, figure: 'cpuCores', value: 1 }], reason },
      'set[0].deviceId',
    ],
    ['a size below 0', { set: [{ ...reserve, value: -1 }], reason }, 'set[0].value'],
    ['a size beyond all', { set: [{ ...reserve, value: 2 ** 60 }], reason }, 'set[0].value'],
    ['text for a size', { set: [{ ...reserve, value: '2 GiB' }], reason }, 'set[0].value'],
    ['a list', { set: [{ ...reserve, value: [] }], reason }, 'set[0].value'],
    ['a figure twice', { set: [reserve, { ...reserve, value: 1 }], reason }, 'set[1].figure'],
    ['set and removed', { set: [reserve], remove: [reserve], reason }, 'remove[0].figure'],
    [
      'one bad of two',
      {
        set: [
          { figure: 'cpuCores', value: 8 },
          { ...reserve, figure: 'pcie.width', value: 3 },
        ],
        reason,
      },
      'set[1].value',
    ],
  ])('%s', async (_, input, path) => {
    const before = await machine()
    expect(await change(input)).toMatchObject({ status: 400, body: { code: 'invalid-input', fields: [{ path }] } })
    expect(await machine()).toEqual(before)
  })

  it('the memory of a card that is cut into slices', async () => {
    const cut = await importText(
      JSON.stringify({
        ...{ berth: 'machine', version: 1, id: 'mig', name: 'mig', links: [] },
        devices: [
          { ...card, id: 'GPU-p', index: 0, uuid: 'GPU-p', migEnabled: true },
          { ...card, id: 'MIG-s', index: 1, uuid: 'MIG-s', migParent: 'GPU-p' },
        ],
      }),
    )
    id = cut.body.machines[0].machine.id
    expect(await change({ set: [{ ...reserve, deviceId: 'GPU-p' }], reason })).toMatchObject({
      status: 400,
      body: { detail: 'set[0].figure: It is cut into MIG slices: those are planned on, not the card.' },
    })
    expect((await change({ set: [{ ...reserve, deviceId: 'MIG-s' }], reason })).status).toBe(200)
  })
})

const card = {
  name: 'NVIDIA A100-SXM4-40GB',
  backend: 'cuda',
  unified: false,
  memoryTotal: 40 * GIB,
  memory: { reported: { bytes: 40 * GIB, provenance: 'measured' } },
}
