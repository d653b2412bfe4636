import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())

/** Four cards, of which the model needs two at least. */
const importCards = async (): Promise<Answer> => {
  const text = smiCsv(
    [1, 2, 3, 4].map((number) => ({ uuid: uuid(number), usedMib: 1024 })),
    'lab',
  )
  return (await berth.call('POST', '/api/v1/machines/import', { text })).body.machines[0].machine
}
const save = async (machineId: string, { name }: { readonly name: string }): Promise<Answer> => {
  const model = { kind: 'catalogue', id: 'llama-3.3-70b', mix: 'Q4_K_M' }
  const inputs = { name, model, machineId, engine: 'llama.cpp', request: { contextLength: 8192 } }
  return (await berth.call('POST', '/api/v1/plans', inputs)).body
}

describe('the memory of a machine', () => {
  const memory = async (id: string): Promise<Answer> => (await berth.call('GET', `/api/v1/machines/${id}/memory`)).body

  it('tells measured and planned apart; what is planned holds nothing', async () => {
    const machine = await importCards()
    const first = await save(machine.id, { name: 'one' })
    await save(machine.id, { name: 'two' })
    const { places, machine: of } = await memory(machine.id)
    expect(of).toEqual({ id: machine.id, name: 'lab' })
    expect(places).toHaveLength(5)
    const { body: saved } = await berth.call('GET', `/api/v1/plans/${first.id}`)
    const [need] = saved.result.best.memory
    expect(places[0]).toEqual({
      place: { kind: 'device', device: machine.devices[0].id },
      name: 'GPU 0 (NVIDIA GeForce RTX 3090)',
      capacity: 24 * GIB,
      keptByPolicy: 0,
      keptByDriver: 0,
      measured: { bytes: GIB, beside: GIB, readAt: machine.readAt },
      reserved: { now: 0, peak: 0, by: [] },
      planned: {
        bytes: 2 * need.required,
        by: [
          { id: first.id, name: 'one', bytes: need.required },
          { id: expect.any(String) as string, name: 'two', bytes: need.required },
        ],
      },
      free: { now: 23 * GIB, afterReserved: 23 * GIB },
      explanation: [],
    })
    expect(places[4]).toMatchObject({
      place: { kind: 'host' },
      name: 'The host',
      capacity: null,
      measured: null,
      free: { now: null, afterReserved: null },
    })
  })

  it('is of a machine that is there', async () => {
    expect(await memory('nobody')).toMatchObject({ code: 'not-found' })
  })
})
