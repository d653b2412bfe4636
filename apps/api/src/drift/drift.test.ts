import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, type TestGpu, uuid } from '../../test/inventory-text.ts'
import { headerOf, writeModelFile } from '../../test/model-file.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.reservation.deleteMany()
  await berth.database.client.plan.deleteMany()
  await berth.database.client.machine.deleteMany()
})

const llama = { kind: 'catalogue', id: 'llama-3.3-70b', mix: 'Q4_K_M' }
/** Four cards, of which the model needs two at least. */
const cards = [1, 2, 3, 4].map((number): TestGpu => ({ uuid: uuid(number) }))

const importText = async (gpus: readonly TestGpu[], name = 'lab'): Promise<Answer> => {
  const { body } = await berth.call('POST', '/api/v1/machines/import', { text: smiCsv(gpus, name) })
  return body.machines[0].machine
}
const save = async (machine: Answer, input: object = {}): Promise<Answer> =>
  (
    await berth.call('POST', '/api/v1/plans', {
      name: 'Chat',
      model: llama,
      machineId: machine.id,
      engine: 'llama.cpp',
      request: { contextLength: 8192 },
      ...input,
    })
  ).body
const plan = async (id: string): Promise<Answer> => (await berth.call('GET', `/api/v1/plans/${id}`)).body
const listed = async (): Promise<Answer> => (await berth.call('GET', '/api/v1/plans')).body.items
const drifted = async (query = ''): Promise<Answer> => (await berth.call('GET', `/api/v1/drift${query}`)).body
const zero = { breaks: 0, 'may-break': 0, info: 0 }
const none = { items: [], counts: { plan: zero, reservation: zero } }

describe('a saved plan', () => {
  it('has not drifted where nothing has changed, nor when only others use more', async () => {
    const machine = await importText(cards)
    const saved = await save(machine)
    expect(saved.drift).toBeNull()
    await importText(cards)
    await importText(cards.map((card) => ({ ...card, usedMib: 20_000 })))
    expect(await plan(saved.id)).toMatchObject({ drift: null, result: { fits: false } })
    expect(await listed()).toMatchObject([{ drift: null }])
    expect(await drifted()).toEqual(none)
  })

  it('breaks with a card that is gone, and is split anew', async () => {
    const machine = await importText(cards)
    const saved = await save(machine)
    await importText(cards.slice(0, 3))
    const sentence = 'GPU 3 (NVIDIA GeForce RTX 3090) is gone.'
    const { drift, result } = await plan(saved.id)
    expect(result.fits).toBe(true)
    expect(drift).toMatchObject({
      severity: 'breaks',
      findings: [
        {
          finding: { code: 'device-gone', device: { index: 3 }, missingSince: expect.any(String) as string },
          severity: 'breaks',
          sentence,
        },
      ],
      repairs: [
        {
          repair: { kind: 'new-split', placement: result.best },
          machine: { id: machine.id, name: 'lab' },
          sentence: 'Split anew, it fits lab as it was asked for.',
        },
      ],
    })
    const flag = { severity: 'breaks', sentences: [sentence] }
    expect(await listed()).toMatchObject([{ drift: flag }])
    const entry = { kind: 'plan', id: saved.id, name: 'Chat', machine: { id: machine.id, name: 'lab' }, ...flag }
    expect(await drifted()).toEqual({ items: [entry], counts: { ...none.counts, plan: { ...zero, breaks: 1 } } })
    expect(await drifted(`?machineId=${machine.id}`)).toEqual(await drifted())
    expect(await drifted('?machineId=other')).toEqual(none)

    // What is saved anew by the repair has not drifted.
    const again = await save(machine)
    expect(again).toMatchObject({ savedFits: true, drift: null })
    // The card comes back.
    await importText(cards)
    expect((await plan(saved.id)).drift).toBeNull()
  })

  it('whose split was made by hand is split anew by the planner', async () => {
    const machine = await importText(cards)
    const [{ best }] = (
      await berth.call('POST', '/api/v1/plans/evaluate', {
        ...{ model: llama, engine: 'llama.cpp', request: { contextLength: 8192 } },
        machineIds: [machine.id],
      })
    ).body.results
    const saved = await save(machine, { split: best.split })
    await importText(cards.slice(1))
    const { drift, result } = await plan(saved.id)
    expect(result.fits).toBe(false)
    expect(drift.repairs).toMatchObject([{ repair: { kind: 'new-split' }, machine: { name: 'lab' } }])
  })

  it('is changed least, or goes to the roomiest machine, where its own cannot host it any more', async () => {
    const machine = await importText(cards.slice(0, 2))
    await importText([{ uuid: uuid(20) }], 'too-small')
    await importText(
      [21, 22, 23].map((number) => ({ uuid: uuid(number) })),
      'roomy',
    )
    const roomier = await importText(
      [31, 32, 33, 34].map((number) => ({ uuid: uuid(number) })),
      'roomier',
    )
    const saved = await save(machine, { request: { contextLength: 4096, margin: 0 } })
    expect(saved.savedFits).toBe(true)
    await importText(cards.slice(0, 2).map((card) => ({ ...card, memoryMib: 20_000 })))
    const { drift } = await plan(saved.id)
    expect(drift.severity).toBe('breaks')
    expect(drift.repairs.map(({ sentence }: Answer) => sentence)).toEqual([
      expect.stringMatching(/^On lab: Take a smaller file of the model: /),
      'roomier can host it as it was asked for.',
    ])
    expect(drift.repairs[1]).toMatchObject({
      repair: { kind: 'other-machine', machine: roomier.id, placement: { machine: roomier.id } },
    })
    await berth.call('PATCH', `/api/v1/machines/${roomier.id}`, { maintenance: true })
    expect((await plan(saved.id)).drift.repairs[1]).toMatchObject({ machine: { name: 'roomy' } })
  })

  it('holds with less memory that is still enough, which comparing sees too', async () => {
    const saved = await save(await importText(cards))
    await importText(cards.map((card) => ({ ...card, memoryMib: 24_500 })))
    expect(await plan(saved.id)).toMatchObject({ drift: { severity: 'info', repairs: [] } })
    expect(await drifted()).toMatchObject({ items: [{ severity: 'info' }], counts: { plan: { info: 1 } } })
  })

  it('may break where comparing cannot tell, and is judged when it is opened', async () => {
    const saved = await save(await importText(cards.slice(0, 2)), { request: { contextLength: 4096, margin: 0 } })
    await importText(cards.slice(0, 2).map((card) => ({ ...card, memoryMib: 20_000 })))
    expect(await drifted()).toMatchObject({ items: [{ severity: 'may-break' }], counts: { plan: { 'may-break': 1 } } })
    expect(await plan(saved.id)).toMatchObject({ drift: { severity: 'breaks' } })
  })

  it('of an engine that places layers itself drifts too; one that never fitted does not', async () => {
    const machine = await importText(cards)
    const ollama = await save(machine, { name: 'by Ollama', engine: 'ollama' })
    const never = await save(machine, { name: 'never', request: { contextLength: 8_000_000 } })
    expect(never.savedFits).toBe(false)
    await importText(cards.slice(3))
    expect((await plan(ollama.id)).drift.severity).toBe('breaks')
    expect((await plan(never.id)).drift).toBeNull()
    expect((await drifted()).items.map(({ name }: Answer) => name)).toEqual(['by Ollama'])
  })

  it('lists the worst first, as many as are asked for', async () => {
    const lab = await importText(cards)
    const other = await importText([{ uuid: uuid(51) }, { uuid: uuid(52) }], 'other')
    const small = { model: { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' } }
    await save(other, { name: 'resting', ...small })
    await save(lab, { name: 'broken' })
    await berth.call('PATCH', `/api/v1/machines/${other.id}`, { maintenance: true })
    await importText(cards.slice(1))
    const { items, counts } = await drifted()
    expect(items.map(({ name }: Answer) => name)).toEqual(['broken', 'resting'])
    expect(counts).toEqual({ ...none.counts, plan: { breaks: 1, 'may-break': 1, info: 0 } })
    expect((await drifted('?limit=1')).items.map(({ name }: Answer) => name)).toEqual(['broken'])
    expect(await drifted('?limit=0')).toMatchObject({ code: 'invalid-input' })
  })

  it('saved before any of this was kept has nothing to compare', async () => {
    const saved = await save(await importText(cards))
    await berth.database.client.plan.updateMany({ data: { savedInventory: null, savedMemory: null } })
    await importText(cards.slice(1))
    expect((await plan(saved.id)).drift).toBeNull()
    expect(await drifted()).toEqual(none)
  })

  it('of a stored model is repaired by another file of it', async () => {
    const path = join(berth.modelDir, 'drift.gguf')
    await writeModelFile(path, headerOf('qwen3-0.6b'))
    const { model } = (await berth.call('POST', '/api/v1/models/import', { address: path })).body
    const machine = await importText(cards.slice(0, 1))
    const saved = await save(machine, { model: { kind: 'stored', id: model.id } })
    await importText([{ ...cards[0], memoryMib: 300 }])
    await importText([cards[3]!], 'other')
    const { drift } = await plan(saved.id)
    expect(drift.repairs.at(-1)).toMatchObject({ sentence: 'other can host it as it was asked for.' })
    await berth.database.client.plan.deleteMany()
  })
})

describe('a reservation', () => {
  const reserve = async (input: object): Promise<Answer> =>
    (await berth.call('POST', '/api/v1/reservations', { purpose: 'demo', owner: 'vision', ...input })).body
  const reservation = async (id: string): Promise<Answer> =>
    (await berth.call('GET', `/api/v1/reservations/${id}`)).body
  const inputs = (machine: Answer, contextLength = 8192) => ({
    what: { kind: 'inputs', model: llama, machineId: machine.id, engine: 'llama.cpp', request: { contextLength } },
  })
  const given = (machine: Answer, gib: number, at = 0) => ({
    what: {
      kind: 'memory',
      machineId: machine.id,
      memory: [{ place: { kind: 'device', device: machine.devices[at].id }, bytes: gib * GIB }],
    },
  })

  it('breaks with a card that is gone, and is split anew on what others leave', async () => {
    const machine = await importText(cards)
    const made = await reserve(inputs(machine))
    expect(made.drift).toBeNull()
    await importText(cards.map((card) => ({ ...card, usedMib: 12_000 })))
    expect((await reservation(made.id)).drift).toBeNull()
    // What it runs is measured, and is its own.
    await importText(cards.slice(0, 3).map((card) => ({ ...card, usedMib: 12_000 })))
    const sentence = 'GPU 3 (NVIDIA GeForce RTX 3090) is gone.'
    expect((await berth.call('GET', '/api/v1/reservations')).body.items).toMatchObject([
      { drift: { severity: 'breaks', sentences: [sentence] } },
    ])
    expect((await reservation(made.id)).drift).toMatchObject({
      severity: 'breaks',
      findings: [{ sentence }],
      repairs: [{ repair: { kind: 'new-split' }, sentence: 'Split anew, it fits lab as it was asked for.' }],
    })
    expect(await drifted()).toMatchObject({
      items: [{ kind: 'reservation', id: made.id, name: 'demo', severity: 'breaks' }],
      counts: { plan: zero, reservation: { ...zero, breaks: 1 } },
    })
    await berth.call('POST', `/api/v1/reservations/${made.id}/release`)
    expect((await reservation(made.id)).drift).toBeNull()
    expect(await drifted()).toEqual(none)
  })

  it('of bytes may break where a card has shrunk below it, or below what is promised to all', async () => {
    const machine = await importText(cards)
    const small = await reserve({ ...given(machine, 10), purpose: 'small' })
    await reserve({ ...given(machine, 12), purpose: 'large' })
    await reserve({ ...given(machine, 12, 1), purpose: 'beside' })
    await importText(cards.map((card, at) => (at === 0 ? { ...card, memoryMib: 11 * 1024 } : card)))
    const over =
      'GPU 0 (NVIDIA GeForce RTX 3090) has 11.00 GiB, and 22.00 GiB of it is reserved at most: more than there is.'
    const { items, counts } = await drifted()
    expect(items.map(({ name, severity }: Answer) => [name, severity])).toEqual([
      ['small', 'may-break'],
      ['large', 'may-break'],
    ])
    expect(counts.reservation).toEqual({ ...zero, 'may-break': 2 })
    expect(items[0].sentences).toContain(over)
    expect((await reservation(small.id)).drift).toMatchObject({
      severity: 'may-break',
      findings: [
        { finding: { code: 'over-reserved' }, severity: 'may-break', sentence: over },
        { finding: { code: 'device-memory-less' }, severity: 'info' },
      ],
      repairs: [],
    })
  })

  it('is told beside what is measured and planned of its machine', async () => {
    const machine = await importText(cards.map((card) => ({ ...card, usedMib: 1024 })))
    const { id } = await reserve({ ...given(machine, 10), purpose: 'now' })
    const later = { startsAt: new Date(Date.now() + 3_600_000).toISOString() }
    const next = await reserve({ ...given(machine, 6), ...later, purpose: 'later' })
    const { body } = await berth.call('GET', `/api/v1/machines/${machine.id}/memory`)
    expect(body.places[0]).toMatchObject({
      measured: { bytes: GIB, beside: GIB },
      reserved: {
        now: 10 * GIB,
        peak: 16 * GIB,
        by: [
          { id, name: 'now', bytes: 10 * GIB, active: true },
          { id: next.id, name: 'later', bytes: 6 * GIB, active: false },
        ],
      },
      planned: { bytes: 0 },
      free: { now: 23 * GIB, afterReserved: 7 * GIB },
      explanation: [
        '24.00 GiB less 16.00 GiB reserved at most from now on and 1.00 GiB measured beside that: 7.00 GiB left.',
      ],
    })
  })
})
