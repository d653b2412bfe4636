import { catalogueHeader, catalogueModels, findCatalogueModel, sampleLab } from '@berth/catalogue'
import { describeModel, engines, type Mix, needsHost, plan, requestDefaults, tokens } from '@berth/core'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'
import { MAX_EXACT, MAX_FILES } from './schema.ts'

let berth: TestServer
let machines: Answer
beforeAll(async () => {
  berth = await testServer()
  machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
})
afterAll(() => berth.close())

const file = (id: string, mix: Mix = 'Q4_K_M') => ({ kind: 'catalogue', id, mix })
const request = { contextLength: 8192 }
const matrix = (input: object): Promise<Answer> =>
  berth.call('POST', '/api/v1/fleet/matrix', { engine: 'llama.cpp', request, ...input })
const cells = (input: object): Promise<Answer> => berth.call('POST', '/api/v1/fleet/cells', { request, ...input })

/** What a plan says, as a letter of the matrix. */
function letterOf(id: string, mix: Mix, machineName: string): string {
  const described = describeModel(catalogueHeader(findCatalogueModel(id)!, mix))
  const machine = sampleLab().find(({ name }) => name === machineName)!
  if (!described.ok) throw new Error('the catalogue is broken')
  const asked = { ...requestDefaults, contextLength: tokens(8192) }
  const verdict = plan({ model: described.value, machine, engine: engines['llama.cpp'], request: asked })
  if (!verdict.fits) return 'n'
  return needsHost(verdict.best) ? 'h' : 'f'
}

describe('the matrix', () => {
  it('says of every file and machine what its plan says', async () => {
    const asked = [
      ['llama-3.3-70b', 'Q4_K_M'],
      ['llama-3.3-70b', 'Q8_0'],
      ['qwen3-30b-a3b', 'Q4_K_M'],
      ['llama-3-8b', 'Q8_0'],
    ] as const
    const { status, body } = await matrix({ models: asked.map(([id, mix]) => file(id, mix)), planMs: 20_000 })
    expect(status).toBe(200)
    expect(body.files.map(({ name }: Answer) => name)).toEqual([
      'Llama 3.3 70B Q4_K_M',
      'Llama 3.3 70B Q8_0',
      'Qwen3 30B-A3B Q4_K_M',
      'Llama 3 8B Q8_0',
    ])
    expect(body.files[0]).toMatchObject({ modelName: 'Llama 3.3 70B', mix: 'Q4_K_M', architecture: 'llama' })
    expect(body.hardware.map((one: Answer) => one.machines.map(({ name }: Answer) => name))).toEqual([
      ...[['lab-01'], ['lab-02'], ['lab-03'], ['lab-04']],
    ])
    asked.forEach(([id, mix], row) => {
      const expected = body.hardware.map((one: Answer) => letterOf(id, mix, one.machines[0].name)).join('')
      expect(body.cells[row].verdicts, `${id} ${mix}`).toBe(expected)
    })
  })

  it('says what memory each hardware has, and how much of it nothing holds', async () => {
    const sizes = async (memory: string) =>
      (await matrix({ models: [file('llama-3-8b')], memory })).body.hardware.map(
        ({ memoryTotal, memoryFree }: Answer) => [Math.round(memoryTotal / 2 ** 30), memoryFree],
      )
    // Nobody measured the sample lab; hardware that is taken as empty has no need of it.
    expect(await sizes('promised')).toEqual([47, 35, 316, 16].map((total) => [total, null]))
    const { hardware } = (await matrix({ models: [file('llama-3-8b')], memory: 'empty' })).body
    expect(hardware.every(({ memoryTotal, memoryFree }: Answer) => memoryFree === memoryTotal)).toBe(true)
  })

  it('has equal hardware once, with all its machines, unless it is not as full', async () => {
    const [{ id }] = machines
    const { body: clones } = await berth.call('POST', `/api/v1/machines/${id}/clone`, { names: 'twin-{n}', count: 2 })
    const all = async (memory: string) =>
      (await matrix({ models: [file('llama-3-8b')], memory })).body.hardware.map((one: Answer) => one.machines.length)
    expect(clones.machines).toHaveLength(2)
    expect(await all('empty')).toEqual([3, 1, 1, 1])
    for (const { id: clone } of clones.machines) await berth.call('DELETE', `/api/v1/machines/${clone}`)
  })

  it('leaves out machines that do not pass, or are in maintenance', async () => {
    const named = async (input: object) =>
      (await matrix({ models: [file('llama-3-8b')], ...input })).body.hardware.flatMap((one: Answer) =>
        one.machines.map(({ name }: Answer) => name),
      )
    expect(await named({ machines: { text: 'A100' } })).toEqual(['lab-03'])
    expect(await named({ machineIds: [machines[1].id] })).toEqual(['lab-02'])
    await berth.call('PATCH', `/api/v1/machines/${machines[1].id}`, { maintenance: true })
    expect(await named({})).toEqual(['lab-01', 'lab-03', 'lab-04'])
    expect(await named({ machineIds: [machines[1].id] })).toEqual(['lab-02'])
    await berth.call('PATCH', `/api/v1/machines/${machines[1].id}`, { maintenance: false })
  })

  it('leaves open what there is no time to plan', async () => {
    const asked = { models: [file('llama-3-8b')], engine: 'ollama' }
    expect((await matrix({ ...asked, planMs: 0 })).body.cells[0].verdicts).toBe('oooo')
    expect((await matrix({ ...asked, planMs: 20_000 })).body.cells[0].verdicts).toBe('ffff')
  })

  it.each([
    ['a model that is not there', { models: [{ kind: 'stored', id: 'gone' }] }, 404, 'not-found'],
    ['a mix that is not offered', { models: [{ ...file('llama-3-8b'), mix: 'Q9' }] }, 422, 'unknown-model'],
    ['a machine that is not there', { models: [], machineIds: ['gone'] }, 404, 'not-found'],
    ['too many files', { models: Array(MAX_FILES + 1).fill(file('llama-3-8b')) }, 400, 'invalid-input'],
    ['a filter that is not known', { models: [], machines: { colour: 'red' } }, 400, 'invalid-input'],
    ['an engine of folders', { models: [], engine: 'exllamav2' }, 400, 'invalid-input'],
    ['a version that is not described', { models: [], engineVersion: '0' }, 400, 'invalid-input'],
  ] as const)('refuses %s', async (_, input, status, code) => {
    const answer = await matrix(input)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('keeps other requests served while it works', async () => {
    const models = catalogueModels
      .slice(0, 40)
      .flatMap(({ id, mixes }) => mixes.slice(0, 3).map((mix) => file(id, mix)))
    const survey = matrix({ models, planMs: 1000 })
    const under = { way: true }
    void survey.finally(() => (under.way = false))
    let served = 0
    while (under.way) {
      expect((await berth.call('GET', '/api/v1/machines?limit=1')).status).toBe(200)
      served++
      await setTimeout(10)
    }
    expect((await survey).body.cells).toHaveLength(models.length)
    // On the event loop it would have answered once, after all of it.
    expect(served).toBeGreaterThan(3)
  })
})

describe('exact cells', () => {
  it('are the best of all engines, with what they leave and how far they go', async () => {
    const machineIds = machines.map(({ id }: Answer) => id)
    const { status, body } = await cells({ model: file('llama-3.3-70b'), machineIds })
    expect(status).toBe(200)
    expect(body.cells.map(({ machineId }: Answer) => machineId)).toEqual(machineIds)
    const [pair, , server, small] = body.cells
    expect(pair).toMatchObject({ verdict: 'fits', devices: 2, reasons: [] })
    expect(pair.split).toMatch(/^\d+\+\d+$/)
    expect(pair.largestContext).toBeGreaterThanOrEqual(8192)
    expect(pair.generation.high).toBeGreaterThan(pair.generation.low)
    expect(pair.headroom).toBe(Math.min(...pair.places.map(({ headroom }: Answer) => headroom)))
    expect(server.headroom).toBeGreaterThan(pair.headroom)
    expect(small).toMatchObject({ verdict: 'no', largestContext: null, generation: null })
    expect(small.headroom).toBeLessThan(0)
    expect(small.reasons.length).toBeGreaterThan(0)
  })

  it('are of the engines that are named', async () => {
    const machineIds = [machines[0].id]
    const named = [{ engine: 'koboldcpp' }]
    const { body } = await cells({ model: file('llama-3-8b'), machineIds, engines: named })
    expect(body.cells).toMatchObject([{ engine: 'koboldcpp', verdict: 'fits' }])
    const folders = await cells({ model: file('llama-3-8b'), machineIds, engines: [{ engine: 'exllamav2' }] })
    expect(folders.body.cells).toMatchObject([{ verdict: 'refused', headroom: null, split: '' }])
  })

  it.each([
    ['a machine that is not there', { machineIds: ['gone'] }, 404],
    ['too many machines', { machineIds: Array(MAX_EXACT + 1).fill('a') }, 400],
    ['no engine at all', { machineIds: [], engines: [] }, 400],
  ] as const)('refuse %s', async (_, input, status) => {
    expect((await cells({ model: file('llama-3-8b'), ...input })).status).toBe(status)
  })
})

it('takes as many stored files as it says', async () => {
  const models = Array.from({ length: MAX_FILES }, (_, at) => ({ kind: 'stored', id: `gone-${at}` }))
  expect((await matrix({ models })).status).toBe(404)
})
