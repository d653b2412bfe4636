import { sampleLab } from '@berth/catalogue'
import { describeModel, engines, explainSolution, requestDefaults, solve, tokens } from '@berth/core'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headerOf, writeModelFile } from '../../test/model-file.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const ID = 'llama-3.1-8b'
const small = { kind: 'catalogue', id: ID, mix: 'Q4_K_M' }

let berth: TestServer
let machines: Answer
/** The smallest of the lab: not everything fits it. */
let tight: Answer
beforeAll(async () => {
  berth = await testServer()
  machines = (await berth.call('POST', '/api/v1/sample-lab')).body.machines
  const size = ({ devices }: Answer): number =>
    devices.reduce((sum: number, device: Answer) => sum + device.memoryTotal, 0)
  tight = machines.toSorted((left: Answer, right: Answer) => size(left) - size(right))[0]
})
afterAll(() => berth.close())

const ask = (input: object): Promise<Answer> =>
  berth.call('POST', '/api/v1/plans/solve', { model: small, engine: 'llama.cpp', request: {}, ...input })
const evaluate = (input: object): Promise<Answer> =>
  berth.call('POST', '/api/v1/plans/evaluate', { model: small, engine: 'llama.cpp', request: {}, ...input })
const only = (answer: Answer): Answer => answer.body.results[0]

describe('solving', () => {
  it('answers for every machine as the core does, with the plan of what was found', async () => {
    const { status, body } = await ask({ unknown: 'context' })
    expect(status).toBe(200)
    expect(body.model.name).toBe('Llama 3.1 8B Q4_K_M')
    expect(body.results).toHaveLength(machines.length)
    const described = describeModel(headerOf(ID))
    if (!described.ok) throw new Error('the catalogue is broken')
    for (const machine of sampleLab()) {
      const stored = machines.find(({ name }: Answer) => name === machine.name)
      const one = { ...machine, id: stored.id }
      const solution = solve({
        ...{ model: described.value, machine: one, engine: engines['llama.cpp'] },
        ...{ request: requestDefaults, unknown: 'context' },
      })
      const found = body.results.find((result: Answer) => result.machine.id === stored.id)
      expect(found.solution).toEqual(solution)
      expect(found.explanation).toBe(explainSolution(solution, one))
      if (!solution.solved) continue
      const { request } = solution
      expect(found.plan).toEqual(only(await evaluate({ machineIds: [stored.id], request })))
      expect(found.plan).toMatchObject({ fits: true, launch: { program: 'llama-server' } })
    }
  })

  it.each([
    ['slots', { contextLength: 4096 }, { parallel: expect.any(Number), contextLength: expect.any(Number) }],
    ['cache-type', { contextLength: 4096 }, { cacheTypeK: 'f16', cacheTypeV: 'f16' }],
  ])('finds %s', async (unknown, request, value) => {
    const { solution, plan } = only(await ask({ unknown, request, machineIds: [machines[0].id] }))
    expect(solution).toMatchObject({ solved: true, value: { unknown, ...value } })
    expect(plan.best.settings.contextLength).toBe(solution.request.contextLength)
  })

  it('chooses of a catalogue model’s mixes, and plans with that file', async () => {
    const { body } = await ask({ unknown: 'mix', request: { contextLength: 8192 }, machineIds: [tight.id] })
    const [{ solution, model, plan }] = body.results
    expect(solution.solved).toBe(true)
    expect(solution.value.candidate).toBe(`Llama 3.1 8B ${model.mix}`)
    expect(plan.launch.shell).toContain(`-m ${ID}-${model.mix}.gguf`)
    const there = await evaluate({ model, request: { contextLength: 8192 }, machineIds: [tight.id] })
    expect(plan).toEqual(only(there))
  })

  it('chooses of what is named', async () => {
    const candidates = ['Q2_K', 'Q3_K_M'].map((mix) => ({ ...small, mix }))
    const { model } = only(await ask({ unknown: 'mix', candidates, machineIds: [machines[0].id] }))
    expect(model).toEqual({ ...small, mix: 'Q3_K_M' })
  })

  it('chooses of the stored files of one model', async () => {
    const stored = async (mix: 'Q8_0' | 'Q4_0' | 'Q2_K', id = ID): Promise<string> => {
      const path = join(berth.modelDir, `${id}-${mix}.gguf`)
      await writeModelFile(path, headerOf(id, mix))
      return (await berth.call('POST', '/api/v1/models/import', { address: path })).body.model.id
    }
    const [q2, q8] = [await stored('Q2_K'), await stored('Q8_0')]
    await stored('Q8_0', 'qwen3-0.6b')
    const roomy = machines.toSorted((left: Answer, right: Answer) => right.devices.length - left.devices.length)[0]
    const asked = { unknown: 'mix', model: { kind: 'stored', id: q2 }, request: { contextLength: 4096 } }
    const { solution, model } = only(await ask({ ...asked, machineIds: [roomy.id] }))
    expect(solution).toMatchObject({ value: { candidate: `${ID}-Q8_0.gguf` }, bound: { code: 'best-offered' } })
    expect(model).toEqual({ kind: 'stored', id: q8 })
  })

  it('plans what was found by the objective', async () => {
    const roomy = machines.toSorted((left: Answer, right: Answer) => right.devices.length - left.devices.length)[0]
    const asked = { request: { contextLength: 4096 }, machineIds: [roomy.id] }
    const cached = async (objective: object): Promise<Answer> =>
      only(await ask({ ...asked, unknown: 'cache-type', ...objective }))
    const evenly = await cached({})
    const { solution, plan } = await cached({ preference: 'fewest-devices' })
    expect(solution).toEqual(evenly.solution)
    expect(plan.best).not.toEqual(evenly.plan.best)
    expect(plan).toEqual(only(await evaluate({ ...asked, preference: 'fewest-devices' })))
    const room = { preference: 'room-for-another', other: { model: small, request: { contextLength: 8192 } } }
    expect((await cached(room)).plan).toEqual(only(await evaluate({ ...asked, ...room })))
  })

  it('says why where nothing fits', async () => {
    const { solution, plan, explanation } = only(
      await ask({ unknown: 'context', model: { ...small, id: 'deepseek-v3-671b' }, machineIds: [tight.id] }),
    )
    expect(solution).toMatchObject({ solved: false, reasons: [{ code: 'insufficient-memory' }] })
    expect(plan).toBeUndefined()
    expect(explanation).toMatch(/^Not even a context of 256 tokens fits\. .*short by/)
  })

  it.each([
    ['an unknown nobody knows', { unknown: 'speed' }, 400, 'invalid-input'],
    ['no unknown', {}, 400, 'invalid-input'],
    ['room for nobody', { unknown: 'context', preference: 'room-for-another' }, 400, 'invalid-input'],
    [
      'room for a model that is not there',
      {
        ...{ unknown: 'context', preference: 'room-for-another' },
        other: { model: { kind: 'stored', id: 'x' }, request: {} },
      },
      404,
      'not-found',
    ],
    ['a mix that is not offered', { unknown: 'mix', candidates: [{ ...small, mix: 'Q9_Z' }] }, 422, 'unknown-model'],
    ['a file that is not there', { unknown: 'mix', candidates: [{ kind: 'stored', id: 'x' }] }, 404, 'not-found'],
    [
      'more candidates than one call takes',
      { unknown: 'mix', candidates: Array.from({ length: 65 }, () => small) },
      400,
      'invalid-input',
    ],
  ])('refuses %s', async (_, input, status, code) => {
    expect(await ask(input)).toMatchObject({ status, body: { code, status } })
  })
})

describe('beside a plan, the engine left alone', () => {
  it('is told where it is asked for', async () => {
    const request = { contextLength: 8192 }
    const plain = only(await evaluate({ request, machineIds: [tight.id] }))
    expect(plain).not.toHaveProperty('engineAlone')
    const { engineAlone, ...rest } = only(await evaluate({ request, machineIds: [tight.id], engineAlone: true }))
    expect(rest).toEqual(plain)
    expect(engineAlone.outcome).toMatch(/^(?:unchanged|fitted)$/)
    expect(engineAlone.placement.settings.contextLength).toBe(tokens(8192))
    expect(engineAlone.comparison).toMatchObject({ layerCount: 33, plan: { contextLength: 8192 } })
    expect(engineAlone.explanation).toMatch(/^llama\.cpp left alone would /)
  })

  it('is told without a comparison where no plan fits', async () => {
    const model = { ...small, id: 'deepseek-v3-671b' }
    const { fits, engineAlone } = only(await evaluate({ model, machineIds: [tight.id], engineAlone: true }))
    expect(fits).toBe(false)
    expect(engineAlone).not.toHaveProperty('comparison')
    expect(engineAlone.placement.split.overrides.length).toBeGreaterThan(0)
  })
})
