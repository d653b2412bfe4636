import { catalogueHeader, findCatalogueModel, sampleLab } from '@berth/catalogue'
import { describeModel, engines, planTogether, requestDefaults, tokens } from '@berth/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const catalogue = (id: string) => ({ kind: 'catalogue', id, mix: 'Q4_K_M' })
const asked = (id: string, contextLength = 8192) => ({ model: catalogue(id), request: { contextLength } })

let berth: TestServer
let machines: Answer
beforeAll(async () => {
  berth = await testServer()
  machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
})
afterAll(() => berth.close())

const together = (input: object): Promise<Answer> =>
  berth.call('POST', '/api/v1/plans/together', { engine: 'llama.cpp', ...input })

function tenant(id: string, contextLength = 8192) {
  const described = describeModel(catalogueHeader(findCatalogueModel(id)!, 'Q4_K_M'))
  if (!described.ok) throw new Error('the catalogue is broken')
  const request = { ...requestDefaults, contextLength: tokens(contextLength) }
  return { model: described.value, engine: engines['llama.cpp'], request }
}

describe('several models on one machine', () => {
  it('are placed on every machine as the core places them, with what starts each', async () => {
    const { status, body } = await together({ models: [asked('llama-3.3-70b'), asked('llama-3-8b')] })
    expect(status).toBe(200)
    expect(body.models.map(({ name }: Answer) => name)).toEqual(['Llama 3.3 70B Q4_K_M', 'Llama 3 8B Q4_K_M'])
    expect(body.results).toHaveLength(machines.length)
    expect(new Set(body.results.map(({ fits }: Answer) => fits))).toEqual(new Set([true, false]))
    const tenants = [tenant('llama-3.3-70b'), tenant('llama-3-8b')]
    for (const machine of sampleLab()) {
      const { id } = machines.find(({ name }: Answer) => name === machine.name)
      const result = body.results.find((one: Answer) => one.machine.id === id)
      const verdict = planTogether({ machine: { ...machine, id }, tenants })
      expect(result.fits).toBe(verdict.fits)
      if (verdict.fits) {
        expect(result.placements.map(({ placement }: Answer) => placement)).toEqual(verdict.placements)
        expect(result.placements.map(({ launch }: Answer) => launch.arguments[1])).toEqual([
          'llama-3.3-70b-Q4_K_M.gguf',
          'llama-3-8b-Q4_K_M.gguf',
        ])
      } else {
        const { proven, placements, tenant: failed, reasons } = verdict
        expect(result).toMatchObject({
          proven,
          placements: placements.map((one) => one ?? null),
          tenant: failed,
          reasons,
        })
        expect(result.explanation).toHaveLength(reasons.length)
      }
    }
  })

  it('puts the machines with room for all of them first', async () => {
    const { results } = (await together({ models: [asked('llama-3.3-70b'), asked('llama-3-8b')] })).body
    const fits = results.map((one: Answer) => Number(one.fits))
    expect(fits).toEqual(fits.toSorted((a: number, b: number) => b - a))
  })

  it('is asked of the machines that are named', async () => {
    const { body } = await together({ models: [asked('llama-3-8b')], machineIds: [machines[0].id] })
    expect(body.results.map(({ machine }: Answer) => machine.id)).toEqual([machines[0].id])
  })

  it.each([
    ['no model', { models: [] }, 400, 'invalid-input'],
    ['more than eight', { models: Array.from({ length: 9 }, () => asked('llama-3-8b')) }, 400, 'invalid-input'],
    ['a model the catalogue lacks', { models: [asked('llama-3-8b'), asked('nope')] }, 422, 'unknown-model'],
    ['a machine that is not there', { models: [asked('llama-3-8b')], machineIds: ['nobody'] }, 404, 'not-found'],
  ])('refuses %s', async (_, input, status, code) => {
    expect(await together(input)).toMatchObject({ status, body: { code } })
  })
})
