import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'
import { MAX_DEMANDS, MAX_REPLICAS, MAX_REPLICAS_IN_ALL } from './schema.ts'

let berth: TestServer
let machines: Answer
beforeAll(async () => {
  berth = await testServer()
  machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
})
afterAll(() => berth.close())

const demand = (id: string, change: object = {}) => ({
  model: { kind: 'catalogue', id, mix: 'Q4_K_M' },
  ...{ engine: 'llama.cpp', request: { contextLength: 8192 }, replicas: 1 },
  ...change,
})
const greedy = (input: object): Promise<Answer> => berth.call('POST', '/api/v1/packing/greedy', input)
const solve = (input: object): Promise<Answer> => berth.call('POST', '/api/v1/packing/solve', input)
const replicas = (input: object): Promise<Answer> => berth.call('POST', '/api/v1/packing/replicas', input)

const lab = [
  demand('llama-3-8b', { name: 'Chat', replicas: 3, priority: 2 }),
  demand('llama-3.3-70b', { replicas: 2 }),
  demand('qwen3-30b-a3b', { replicas: 2, priority: 1 }),
]

/** On every GPU, what replicas need beside what others hold, and the margin of one of them. */
function overfull({ placed, machines: rows }: Answer): readonly string[] {
  return rows.flatMap(({ id, devices }: Answer) =>
    devices.flatMap((device: Answer) => {
      const here = placed
        .filter((one: Answer) => one.machineId === id)
        .flatMap(({ placement }: Answer) => placement.memory)
        .filter(({ place, required }: Answer) => place.device === device.id && required > 0)
      const need = here.reduce((sum: number, { required }: Answer) => sum + required, 0)
      const margin = Math.max(0, ...here.map((one: Answer) => one.margin))
      return need + margin + device.used + device.reserved > device.capacity && need > 0 ? [device.id] : []
    }),
  )
}

describe('a packing', () => {
  it('is answered at once and then as well as can be, on the same machines', async () => {
    const first = await greedy({ demands: lab })
    const best = await solve({ demands: lab, seconds: 20 })
    expect([first.status, best.status]).toEqual([200, 200])
    expect([first.body.status, best.body.status]).toEqual(['greedy', 'optimal'])
    for (const { body } of [first, best]) {
      expect(new Set(body.machines.map(({ id }: Answer) => id))).toEqual(new Set(machines.map(({ id }: Answer) => id)))
      expect(overfull(body)).toEqual([])
      expect(body.demands.map(({ name }: Answer) => name)).toEqual([
        'Chat',
        'Llama 3.3 70B Q4_K_M',
        'Qwen3 30B-A3B Q4_K_M',
      ])
      expect(body.placed.length + body.unplaced.reduce((sum: number, one: Answer) => sum + one.missing, 0)).toBe(7)
      expect(body.placed.every(({ command }: Answer) => command.startsWith('CUDA_'))).toBe(true)
    }
    expect(best.body.goals.map(({ kind, isBest, gap }: Answer) => ({ kind, isBest, gap }))).toEqual(
      ['placed', 'placed', 'placed', 'machines', 'gpus'].map((kind) => ({ kind, isBest: true, gap: 0 })),
    )
    for (const [at, { value }] of best.body.goals.slice(0, 3).entries()) {
      expect(value).toBeGreaterThanOrEqual(first.body.goals[at].value)
    }
  })

  it('keeps replicas apart where it spreads, and on the machines that are allowed', async () => {
    const [one, two] = machines
    const demands = [demand('qwen3-0.6b', { replicas: 2, machineIds: [one.id, two.id] })]
    const { body } = await solve({ demands, policy: 'spread' })
    expect(new Set(body.placed.map(({ machineId }: Answer) => machineId))).toEqual(new Set([one.id, two.id]))
    expect(body.goals[1]).toMatchObject({ kind: 'apart', label: 'Replicas kept apart', value: 2, isBest: true })
  })

  it('says why a replica is left out', async () => {
    const filter = { text: 'no machine is called so' }
    const demands = [demand('deepseek-r1-671b', { replicas: 2 }), demand('qwen3-0.6b', { filter })]
    const { body } = await greedy({ demands })
    expect(body.unplaced.map(({ demand: at, missing, constraint }: Answer) => [at, missing, constraint])).toEqual([
      [0, expect.any(Number), expect.stringMatching(/too-large|taken|fragmented/)],
      [1, 1, 'no-machine-allowed'],
    ])
    expect(body.unplaced[1].explanation[0]).toBe('No machine is among those it may run on.')
    expect(body.unplaced[1].elsewhere.length).toBeGreaterThan(0)
  })

  const many = (count: number, change: object = {}) => Array.from({ length: count }, () => demand('llama-3-8b', change))
  it.each([
    ['no demand', { demands: [] }, 400, 'invalid-input'],
    ['too many demands', { demands: many(MAX_DEMANDS + 1) }, 400, 'invalid-input'],
    ['too many replicas', { demands: many(1, { replicas: MAX_REPLICAS + 1 }) }, 400, 'invalid-input'],
    [
      'too many replicas in all',
      { demands: many(MAX_REPLICAS_IN_ALL / MAX_REPLICAS + 1, { replicas: MAX_REPLICAS }) },
      ...([400, 'invalid-input'] as const),
    ],
    ['too many seconds', { demands: many(1), seconds: 3600 }, 400, 'invalid-input'],
    ['an engine that reads no GGUF file', { demands: many(1, { engine: 'tabbyapi' }) }, 400, 'invalid-input'],
    ['a model the catalogue lacks', { demands: [demand('nope')] }, 422, 'unknown-model'],
    ['a machine that is not there', { demands: many(1, { machineIds: ['nobody'] }) }, 404, 'not-found'],
  ])('refuses %s', async (_, input, status, code) => {
    expect(await solve(input)).toMatchObject({ status, body: { code } })
  })
})

describe('a packing that is reserved', () => {
  it('is taken as it lies, all of it or none, and is in the way of the next', async () => {
    const lonely = await testServer()
    const [, , , last] = (await lonely.call('POST', '/api/v1/sample-lab')).body.machines
    const question = { demands: [demand('llama-3-8b', { replicas: 100 })], machineIds: [last.id] }
    const first = await lonely.call('POST', '/api/v1/packing/solve', question)
    expect(first.body.placed.length).toBeGreaterThan(1)
    const { model, engine, request } = question.demands[0]!
    const reservations = first.body.placed.map(({ machineId, placement }: Answer, at: number) => ({
      ...{ owner: 'ops', purpose: `Chat ${at}` },
      what: { kind: 'inputs', model, machineId, engine, request, split: placement.split },
    }))
    const many = (all: readonly object[]) => lonely.call('POST', '/api/v1/reservations/many', { reservations: all })
    expect((await many([...reservations, reservations[0]])).status).toBe(409)
    expect((await lonely.call('GET', '/api/v1/reservations')).body.items).toEqual([])
    expect((await many(reservations)).status).toBe(201)
    const next = await lonely.call('POST', '/api/v1/packing/greedy', question)
    expect(next.body.placed).toEqual([])
    expect(next.body.unplaced[0]).toMatchObject({
      ...{ constraint: 'held', explanation: [expect.stringMatching(/GiB are reserved/)] },
    })
    await lonely.close()
  })
})

describe('replicas of one model', () => {
  it('are counted machine by machine, and proven to be the most', async () => {
    const { status, body } = await replicas(demand('llama-3-8b'))
    expect(status).toBe(200)
    expect(body.total).toBeGreaterThan(machines.length)
    expect(body.bound).toBe(body.total)
    expect(body.machines).toHaveLength(machines.length)
    expect(body.machines.reduce((sum: number, one: Answer) => sum + one.replicas, 0)).toBe(body.total)
    expect(body.explanation).toEqual([])
    const packed = await solve({ demands: [demand('llama-3-8b', { replicas: Math.min(100, body.total + 3) })] })
    expect(packed.body.placed).toHaveLength(Math.min(100, body.total))
  })

  it('are none where none fits, with the reason', async () => {
    const { body } = await replicas({ ...demand('deepseek-r1-671b'), machineIds: [machines[0].id] })
    expect(body).toMatchObject({ total: 0, bound: 0, explanation: [expect.stringMatching(/^It is too large for /)] })
  })
})
