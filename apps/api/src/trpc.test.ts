import { join } from 'node:path'
import type { MachineId, ModelId } from '@berth/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { smiCsv, uuid } from '../test/inventory-text.ts'
import { headerOf, writeModelFile } from '../test/model-file.ts'
import { testClient, testServer, type TestServer } from '../test/server.ts'
import { operations } from './operations.ts'

let berth: TestServer
let client: Awaited<ReturnType<typeof testClient>>['client']
beforeAll(async () => {
  berth = await testServer()
  client = (await testClient(berth)).client
})
afterAll(() => berth.close())

it('the typed client reaches every procedure, and REST answers the same', async () => {
  const called = new Set<string>()
  const call = async <Output>(name: string, work: Promise<Output>): Promise<Output> => {
    called.add(name)
    return work
  }
  const { machines, models, plans, catalogue, engines } = client
  const text = smiCsv([{ uuid: uuid(1) }, { uuid: uuid(2) }], 'typed')
  const preview = await call('machines.previewImport', machines.previewImport.mutate({ text }))
  expect(preview.machines.map(({ change }) => change)).toEqual(['new'])
  const imported = await call('machines.import', machines.import.mutate({ text }))
  const { id } = imported.machines[0]!.machine
  await machines.import.mutate({ text: smiCsv([{ uuid: uuid(1) }], 'typed') })
  await call('machines.removeDevice', machines.removeDevice.mutate({ id, deviceId: uuid(2) }))
  const renamed = await call('machines.update', machines.update.mutate({ id, name: 'renamed' }))
  expect(renamed).toMatchObject({ id, name: 'renamed', missingDevices: [] })
  const machine = await call('machines.get', machines.get.query({ id }))
  expect((await berth.call('GET', `/api/v1/machines/${id}`)).body).toEqual(machine)
  const facets = await call('machines.facets', machines.facets.query({ state: ['ready'] }))
  expect((await berth.call('GET', '/api/v1/machines/facets?state=ready')).body).toEqual(facets)
  const moved = await call('machines.updateMany', machines.updateMany.mutate({ ids: [id], site: 'Berlin' }))
  expect(moved).toEqual({ ids: [id], unchanged: 0 })
  await machines.update.mutate({ id, site: null })
  const view = await call('views.create', client.views.create.mutate({ list: 'machines', name: 'v', query: '' }))
  await call('views.update', client.views.update.mutate({ id: view.id, query: 'site=Berlin' }))
  const views = await call('views.list', client.views.list.query({ list: 'machines' }))
  expect((await berth.call('GET', '/api/v1/views?list=machines')).body).toEqual(views)
  await call('views.remove', client.views.remove.mutate({ id: view.id }))
  const set = [{ figure: 'cpuCores', value: 8 }] as const
  const counted = await call('machines.setOverrides', machines.setOverrides.mutate({ id, set, reason: 'counted' }))
  expect(counted).toMatchObject({ id, cpuCores: 8 })
  const told = await call('history.ofMachine', client.history.ofMachine.query({ id }))
  expect((await berth.call('GET', `/api/v1/machines/${id}/history`)).body).toEqual(told)
  expect(await call('history.list', client.history.list.query({ machineId: id }))).toEqual(told)
  const gpus = await call('catalogue.gpus', catalogue.gpus.query({ text: '3090', limit: 1 }))
  expect((await berth.call('GET', '/api/v1/catalogue/gpus?text=3090&limit=1')).body).toEqual(gpus)
  const cards = [{ gpu: gpus.items[0]!.id, count: 2 }]
  const created = await call('machines.create', machines.create.mutate({ name: 'what if', gpus: cards }))
  const cloned = await call('machines.clone', machines.clone.mutate({ id: created.id, count: 2 }))
  expect(cloned.machines.map(({ name }) => name)).toEqual(['what if-1', 'what if-2'])
  const unwanted = [created, ...cloned.machines].map((made) => made.id)
  expect((await call('machines.removeMany', machines.removeMany.mutate({ ids: unwanted }))).ids).toEqual(unwanted)
  const lab = await call('machines.addSampleLab', machines.addSampleLab.mutate())
  const listed = await call('machines.list', machines.list.query({}))
  expect(listed.items).toHaveLength(lab.machines.length + 1)
  expect((await berth.call('GET', '/api/v1/machines')).body).toEqual(listed)
  await call('machines.removeSampleLab', machines.removeSampleLab.mutate())

  const path = join(berth.modelDir, 'typed.gguf')
  await writeModelFile(path, headerOf('qwen3-0.6b'))
  const { model } = await call('models.import', models.import.mutate({ address: path }))
  expect((await call('models.list', models.list.query({ limit: 1 }))).items).toEqual([model])
  const detail = await call('models.get', models.get.query({ id: model.id }))
  expect((await berth.call('GET', `/api/v1/models/${model.id}`)).body).toEqual(detail)

  const inputs = {
    model: { kind: 'stored', id: model.id },
    engine: 'llama.cpp',
    request: { contextLength: 4096 },
  } as const
  const evaluated = await call('plans.evaluate', plans.evaluate.mutate(inputs))
  expect(evaluated.results).toHaveLength(1)
  expect((await berth.call('POST', '/api/v1/plans/evaluate', inputs)).body).toEqual(evaluated)
  const several = { models: [inputs, inputs].map(({ model, request }) => ({ model, request })), engine: inputs.engine }
  const together = await call('plans.together', plans.together.mutate(several))
  expect((await berth.call('POST', '/api/v1/plans/together', several)).body).toEqual(together)
  const question = { ...inputs, unknown: 'context' } as const
  const solved = await call('plans.solve', plans.solve.mutate(question))
  expect((await berth.call('POST', '/api/v1/plans/solve', question)).body).toEqual(solved)
  const saved = await call('plans.save', plans.save.mutate({ ...inputs, name: 'typed', machineId: id }))
  expect((await call('plans.list', plans.list.query({}))).items).toEqual([saved])
  const plan = await call('plans.get', plans.get.query({ id: saved.id }))
  expect(plan.result).toEqual(evaluated.results[0])
  await call('plans.remove', plans.remove.mutate({ id: saved.id }))
  for (const [name, answer] of await askTheLab(model.id, id)) await call(name, Promise.resolve(answer))
  await call('models.remove', models.remove.mutate({ id: model.id }))
  for (const [name, reserved] of await reserveAll(id)) await call(name, Promise.resolve(reserved))
  await call('machines.remove', machines.remove.mutate({ id }))
  const team = await call('team.update', client.team.update.mutate({ marginBytes: 2 ** 30 }))
  expect(await call('team.get', client.team.get.query())).toEqual(team)
  expect((await berth.call('GET', '/api/v1/team')).body).toEqual(team)
  const made = await call('tokens.create', client.tokens.create.mutate({ name: 'rack' }))
  const { items: tokens } = await call('tokens.list', client.tokens.list.query({}))
  expect(tokens.map(({ id }) => id)).toEqual([made.id])
  await call('tokens.remove', client.tokens.remove.mutate({ id: made.id }))
  const known = await call('engines.list', engines.list.query())
  expect(known.items.map(({ id }) => id)).toContain('llama.cpp')
  expect((await berth.call('GET', '/api/v1/engines')).body).toEqual(known)
  const stories = await call('engines.stories', engines.stories.query())
  expect((await berth.call('GET', '/api/v1/engines/stories')).body).toEqual(stories)
  for (const { id } of stories.items) {
    const story = await call('engines.story', engines.story.query({ id }))
    expect(story.wayOut.length).toBeGreaterThan(0)
    expect((await berth.call('GET', `/api/v1/engines/stories/${id}`)).body).toEqual(story)
  }
  expect((await berth.call('GET', '/api/v1/engines/stories/none')).status).toBe(404)
  expect((await call('catalogue.models', catalogue.models.query())).items.length).toBeGreaterThan(40)

  const all = operations.map(({ name }) => name)
  expect([...called].toSorted((a, b) => a.localeCompare(b))).toEqual(all.toSorted((a, b) => a.localeCompare(b)))
})

it('work stops when the client goes away, over REST and tRPC', async () => {
  let aborted = 0
  let began: () => void = () => {}
  const waiting = await testServer({
    readModel: (_address, { signal }) =>
      new Promise((_resolve, reject) => {
        began()
        signal?.addEventListener('abort', () => {
          aborted++
          reject(new Error('aborted'))
        })
      }),
  })
  const base = await waiting.server.listen({ port: 0, host: '127.0.0.1' })
  for (const path of ['/api/v1/models/import', '/trpc/models.import']) {
    const started = new Promise<void>((resolve) => (began = resolve))
    const controller = new AbortController()
    const request = fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address: 'x' }),
      signal: controller.signal,
    }).catch((error: unknown) => error)
    await started
    controller.abort()
    await request
  }
  await expect.poll(() => aborted).toBe(2)
  await waiting.close()
})

/** Everything of reservations, by its name; in the end nothing is left of them. */
async function reserveAll(machineId: MachineId) {
  const { reservations } = client
  const memory = [{ place: { kind: 'device', device: uuid(1) }, bytes: 2 ** 30 }] as const
  const asked = { what: { kind: 'memory', machineId, memory }, owner: 'nlp', purpose: 'chat' } as const
  const dry = await reservations.dryRun.mutate(asked)
  const made = await reservations.create.mutate({ ...asked, inventoryIndex: dry.inventoryIndex })
  const many = await reservations.createMany.mutate({ reservations: [asked] })
  const { id } = many.reservations[0]!
  const endsAt = '2035-01-01T00:00:00.000Z'
  const extended = await reservations.extend.mutate({ id, endsAt })
  const startsAt = '2034-01-01T00:00:00.000Z'
  const dryMove = await reservations.dryRunMove.mutate({ id, startsAt })
  const moved = await reservations.move.mutate({ id, startsAt, inventoryIndex: dryMove.inventoryIndex })
  expect([extended.endsAt, moved.endsAt, moved.state]).toEqual([endsAt, endsAt, 'planned'])
  const got = await reservations.get.query({ id: made.id })
  expect((await berth.call('GET', `/api/v1/reservations/${made.id}`)).body).toEqual(got)
  const listed = await reservations.list.query({ state: ['planned'] })
  expect((await berth.call('GET', '/api/v1/reservations?state=planned')).body).toEqual(listed)
  expect(listed.items.map((one) => one.id)).toEqual([id])
  const window = { from: '2034-06-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' }
  const drawn = await reservations.timeline.query(window)
  expect(drawn.machines[0]!.places[0]!.steps.map(({ bytes }) => bytes)).toEqual([2 ** 31, 2 ** 30])
  await reservations.release.mutate({ id: made.id })
  const released = await reservations.release.mutate({ id })
  expect(released.state).toBe('released')
  const answers = { dryRun: dry, create: made, createMany: many, extend: extended, move: moved, get: got, list: listed }
  return Object.entries({ ...answers, dryRunMove: dryMove, timeline: drawn, release: released }).map(
    ([name, answer]) => [`reservations.${name}`, answer] as const,
  )
}

/** What is asked of the whole lab, and REST answers the same. */
async function askTheLab(modelId: ModelId, machineId: MachineId): Promise<readonly (readonly [string, unknown])[]> {
  const { capacity, drift, fleet, machines, packing } = client
  const model = { kind: 'stored', id: modelId } as const
  const asked = { engine: 'llama.cpp', request: { contextLength: 4096 } } as const
  const one = { ...asked, model }
  const files = { models: [model] }
  const edits = [{ kind: 'add-cards', card: { kind: 'device', device: uuid(1) }, count: 1 }] as const
  const many = { demands: [{ ...one, replicas: 1 }] }
  const whatIf = { ...asked, files, machineId, edits: [...edits] }
  const questions = [
    ['fleet.matrix', '/fleet/matrix', { ...asked, models: [model], planMs: 20_000 }, fleet.matrix.mutate],
    ['fleet.cells', '/fleet/cells', { request: asked.request, model, machineIds: [machineId] }, fleet.cells.mutate],
    ['capacity.largest', '/capacity/largest', { ...asked, files }, capacity.largest.mutate],
    ['capacity.hosts', '/capacity/hosts', one, capacity.hosts.mutate],
    ['capacity.upgrades', '/capacity/upgrades', one, capacity.upgrades.mutate],
    ['capacity.whatIf', '/capacity/what-if', whatIf, capacity.whatIf.mutate],
  ] as const
  const answers: (readonly [string, unknown])[] = []
  for (const [name, path, input, typed] of questions) {
    const answer = await (typed as (input: unknown) => Promise<unknown>)(input)
    expect((await berth.call('POST', `/api/v1${path}`, input)).body, name).toEqual(answer)
    answers.push([name, answer])
  }
  // How long the solver took is no two times the same.
  const greedy = await packing.greedy.mutate(many)
  const solved = await packing.solve.mutate({ ...many, seconds: 5 })
  const replicas = await packing.replicas.mutate({ ...one, seconds: 5 })
  expect([greedy.placed.length, solved.placed.length, replicas.model.name]).toEqual([1, 1, solved.demands[0]!.name])
  const memory = await machines.memory.query({ id: machineId })
  expect((await berth.call('GET', `/api/v1/machines/${machineId}/memory`)).body).toEqual(memory)
  const drifted = await drift.list.query({})
  expect((await berth.call('GET', '/api/v1/drift')).body).toEqual(drifted)
  return [
    ...answers,
    ...Object.entries({ greedy, solve: solved, replicas }).map(
      ([name, answer]) => [`packing.${name}`, answer] as const,
    ),
    ['machines.memory', memory],
    ['drift.list', drifted],
  ]
}
