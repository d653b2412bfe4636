import {
  describeModel,
  engines,
  estimateSpeed,
  explainSpeed,
  planModel,
  preferences,
  requestDefaults,
  tokens,
} from '@berth/core'
import { catalogueHeader, completeMachine, findCatalogueModel, sampleLab } from '@berth/catalogue'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { describeAlternatives } from './alternatives.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const llama = { kind: 'catalogue', id: 'llama-3.3-70b', mix: 'Q4_K_M' }

let berth: TestServer
let machines: Answer
beforeAll(async () => {
  berth = await testServer()
  machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
})
afterAll(() => berth.close())
beforeEach(() => berth.database.client.plan.deleteMany())

function describedAs(id: string) {
  const described = describeModel(catalogueHeader(findCatalogueModel(id)!, 'Q4_K_M'))
  if (!described.ok) throw new Error('the catalogue is broken')
  return described.value
}

const evaluate = (input: object): Promise<Answer> =>
  berth.call('POST', '/api/v1/plans/evaluate', { model: llama, engine: 'llama.cpp', request: {}, ...input })

describe('evaluating', () => {
  it('says of every machine what the core says of it', async () => {
    const { status, body } = await evaluate({ request: { contextLength: 8192 } })
    expect(status).toBe(200)
    expect(body.model).toMatchObject({ name: 'Llama 3.3 70B Q4_K_M', architecture: 'llama' })
    expect(body.results).toHaveLength(machines.length)
    const request = { ...requestDefaults, contextLength: tokens(8192) }
    for (const machine of sampleLab()) {
      const stored = machines.find(({ name }: Answer) => name === machine.name)
      const planned = completeMachine({ ...machine, id: stored.id })
      const verdict = planModel({
        model: describedAs(llama.id),
        machine: planned,
        engine: engines['llama.cpp'],
        request,
        alternatives: () => describeAlternatives({ kind: 'mixes', id: llama.id }),
      })
      const {
        machine: where,
        launch,
        speed,
        explanation,
        account,
        elsewhere: _elsewhere,
        ...result
      } = body.results.find((one: Answer) => one.machine.id === stored.id)
      expect(where).toEqual({ id: stored.id, name: machine.name, sample: true, stale: null, maintenance: null })
      expect(result).toEqual(verdict)
      expect(account).toEqual(verdict.fits ? [] : undefined)
      if (verdict.fits) {
        expect(launch.shell).toMatch(/^(?:\w+=\S+ )*llama-server -m llama-3.3-70b-Q4_K_M.gguf .*--fit off/)
        const estimate = estimateSpeed({ placement: verdict.best, model: describedAs(llama.id), machine: planned })
        expect(speed).toEqual({ ...estimate, explanation: explainSpeed(estimate.basis, machine), warnings: [] })
      } else {
        expect(explanation.length).toBeGreaterThan(0)
        expect(speed).toBeUndefined()
      }
    }
  })

  it('puts the best first: what fits by headroom, then what lacks least', async () => {
    const { results } = (await evaluate({ request: { contextLength: 8192 } })).body
    const headroom = (result: Answer): number => {
      const placement = result.fits ? result.best : result.nearest
      if (placement === undefined) return -Infinity
      const devices = placement.memory.filter(({ place }: Answer) => place.kind === 'device')
      return Math.min(...devices.map((memory: Answer) => memory.headroom))
    }
    expect(results.some(({ fits }: Answer) => fits)).toBe(true)
    expect(results.some(({ fits }: Answer) => !fits)).toBe(true)
    for (const [index, result] of results.slice(1).entries()) {
      const before = results[index]
      expect(before.fits || !result.fits).toBe(true)
      if (before.fits === result.fits) expect(headroom(before)).toBeGreaterThanOrEqual(headroom(result))
    }
  })

  it('gives every reason with its numbers and a sentence', async () => {
    const { results } = (await evaluate({ request: { contextLength: 8192 } })).body
    const refused = results.find(({ fits }: Answer) => !fits)
    expect(refused.reasons[0]).toMatchObject({ code: 'insufficient-memory' })
    const { requested, used, margin, capacity } = refused.reasons[0]
    expect(requested).toBeGreaterThan(capacity - used - margin)
    expect(refused.explanation.length).toBe(refused.reasons.length + refused.remedies.length)
    expect(refused.explanation[0]).toContain('short by')
  })

  it('offers the largest smaller file that fits, and says where the model fits as asked', async () => {
    const { results } = (await evaluate({ request: { contextLength: 8192 } })).body
    const refused = results.find(({ fits }: Answer) => !fits)
    const smaller = refused.remedies.find(({ remedy }: Answer) => remedy.code === 'smaller-file')
    const mix = smaller.remedy.name
    expect(smaller.cost).toBe('quality')
    const again = { request: { contextLength: 8192 }, machineIds: [refused.machine.id], model: { ...llama, mix } }
    const [applied] = (await evaluate(again)).body.results
    expect(applied).toMatchObject({ fits: true, best: { split: smaller.placement.split } })
    const able = results.filter(({ fits }: Answer) => fits).map(({ machine }: Answer) => machine.id)
    expect(able.length).toBeGreaterThan(0)
    expect(refused.elsewhere).toEqual(able)
    for (const result of results) expect(result.elsewhere).toEqual(result.fits ? undefined : able)
  })

  it.each(Object.keys(preferences))('orders placements by %s, as core does', async (preference) => {
    const other = { model: { ...llama, id: 'llama-3-8b' }, request: { contextLength: 4096 } }
    const input = { model: { ...llama, id: 'llama-3-8b' }, request: { contextLength: 8192 }, preference, other }
    const { status, body } = await evaluate({ ...input, machineIds: [machines[0].id] })
    expect(status).toBe(200)
    const model = describedAs('llama-3-8b')
    const tenant = (contextLength: number) => ({
      model,
      engine: engines['llama.cpp'],
      request: { ...requestDefaults, contextLength: tokens(contextLength) },
    })
    const machine = { ...sampleLab().find(({ name }) => name === machines[0].name)!, id: machines[0].id }
    const verdict = planModel({
      ...tenant(8192),
      machine,
      preference: preference as keyof typeof preferences,
      other: tenant(4096),
    })
    if (!verdict.fits) throw new Error('it fits')
    expect(body.results[0].best).toEqual(verdict.best)
  })

  it('wants to know whom room is left for', async () => {
    expect(await evaluate({ preference: 'room-for-another' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-input', fields: [{ path: 'other' }] },
    })
    const other = { model: { kind: 'stored', id: 'nope' }, request: {} }
    expect(await evaluate({ preference: 'room-for-another', other })).toMatchObject({ status: 404 })
  })

  it('judges the machines that are named, and no other', async () => {
    const { body } = await evaluate({ machineIds: [machines[1].id] })
    expect(body.results.map(({ machine }: Answer) => machine.id)).toEqual([machines[1].id])
    expect((await evaluate({ machineIds: [] })).body.results).toEqual([])
    expect(await evaluate({ machineIds: [machines[0].id, 'nobody'] })).toMatchObject({
      status: 404,
      body: { code: 'not-found', data: { noun: 'machine', id: 'nobody' } },
    })
  })

  it('does not plan on a device that is missing', async () => {
    const both = smiCsv([{ uuid: uuid(90) }, { uuid: uuid(91) }], 'shrinking')
    const [{ machine }] = (await berth.call('POST', '/api/v1/machines/import', { text: both })).body.machines
    const places = async () => {
      const [result] = (await evaluate({ machineIds: [machine.id], model: { ...llama, id: 'llama-3-8b' } })).body
        .results
      return result.best.memory.filter(({ place }: Answer) => place.kind === 'device').length
    }
    expect(await places()).toBe(2)
    await berth.call('POST', '/api/v1/machines/import', { text: smiCsv([{ uuid: uuid(90) }], 'shrinking') })
    expect(await places()).toBe(1)
    await berth.call('DELETE', `/api/v1/machines/${machine.id}`)
  })

  it.each([
    ['a model the catalogue lacks', { model: { ...llama, id: 'nope' } }, 422, 'unknown-model'],
    ['a mix it is not offered in', { model: { ...llama, mix: 'Q9_Z' } }, 422, 'unknown-model'],
    ['a model that is not stored', { model: { kind: 'stored', id: 'nope' } }, 404, 'not-found'],
    ['another kind of model', { model: { kind: 'other', id: 'nope' } }, 400, 'invalid-input'],
    ['an engine nobody knows', { engine: 'vroom' }, 400, 'invalid-input'],
    ['a negative context', { request: { contextLength: -1 } }, 400, 'invalid-input'],
    ['half a token', { request: { contextLength: 0.5 } }, 400, 'invalid-input'],
    ['a context beyond an int32', { request: { contextLength: 2 ** 31 } }, 400, 'invalid-input'],
    ['a cache type that is none', { request: { cacheTypeK: 'q4_K' } }, 400, 'invalid-input'],
    ['more slots than there can be', { request: { parallel: 257 } }, 400, 'invalid-input'],
    ['a setting that is misspelt', { request: { cacheTypev: 'q8_0' } }, 400, 'invalid-input'],
    ['more machines than one call takes', { machineIds: Array.from({ length: 201 }, () => 'x') }, 400, 'invalid-input'],
  ])('refuses %s', async (_, input, status, code) => {
    const answer = await evaluate(input)
    expect(answer).toMatchObject({ status, body: { code, status } })
    if (code === 'invalid-input') expect(answer.body.fields.length).toBeGreaterThan(0)
  })

  it('says so when all machines are too many for one call', async () => {
    const text = Array.from({ length: 201 }, (_, number) => smiCsv([{ uuid: uuid(1000 + number) }], `host-${number}`))
    await berth.call('POST', '/api/v1/machines/import', { text: text.join('') })
    expect(await evaluate({})).toMatchObject({
      status: 422,
      body: { code: 'limit-exceeded', data: { field: 'machineIds', limit: 200 } },
    })
    await berth.database.client.machine.deleteMany({ where: { sample: false } })
  })
})

it('lists the catalogue that plans may name', async () => {
  const { body } = await berth.call('GET', '/api/v1/catalogue/models')
  expect(body.items.length).toBeGreaterThanOrEqual(40)
  expect(body.items.find(({ id }: Answer) => id === llama.id).mixes).toContain('Q4_K_M')
})
