import { sampleLab } from '@berth/catalogue'
import { describeModel, type DeviceId, engines, requestDefaults, standingOf, tokens } from '@berth/core'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headerOf, writeModelFile } from '../../test/model-file.ts'
import { type Answer, testClient, testServer, type TestServer } from '../../test/server.ts'

const large = { kind: 'catalogue', id: 'llama-3.3-70b', mix: 'Q4_K_M' } as const
const small = { kind: 'catalogue', id: 'llama-3.1-8b', mix: 'Q4_K_M' } as const
const request = { contextLength: 8192 }

let berth: TestServer
/** Of the sample lab, by name. */
let ids: ReadonlyMap<string, string>
beforeAll(async () => {
  berth = await testServer()
  const { machines } = (await berth.call('POST', '/api/v1/sample-lab')).body
  ids = new Map(machines.map(({ id, name }: Answer) => [name, id]))
})
afterAll(() => berth.close())

const ask = (path: string, input: object): Promise<Answer> =>
  berth.call('POST', `/api/v1/capacity/${path}`, { engine: 'llama.cpp', request, ...input })

const named = (results: readonly Answer[], name: string): Answer =>
  results.find(({ machine }: Answer) => machine.name === name)

describe('the largest model each machine can host', () => {
  const mixes = ['Q8_0', 'Q4_K_M', 'Q2_K'].flatMap((mix) => [
    { ...small, mix },
    { ...large, mix },
  ])

  it('is told by weights and by parameters, on GPUs and with the host', async () => {
    const { status, body } = await ask('largest', { files: { models: mixes } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ files: 6, leftOut: 0 })
    expect(body.results.map(({ machine, weights }: Answer) => [machine.name, weights.onGpus?.file.name])).toEqual([
      ['lab-03', 'Llama 3.3 70B Q8_0'],
      ['lab-01', 'Llama 3.3 70B Q4_K_M'],
      ['lab-02', 'Llama 3.3 70B Q2_K'],
      ['lab-04', 'Llama 3.1 8B Q8_0'],
    ])
    const { weights, parameters } = named(body.results, 'lab-02')
    expect(weights.onGpus).toEqual({
      file: {
        ...{ model: { ...large, mix: 'Q2_K' }, name: 'Llama 3.3 70B Q2_K' },
        ...{ weightBytes: expect.any(Number), parameterCount: expect.any(Number) },
      },
      headroom: expect.any(Number),
      next: { file: expect.objectContaining({ name: 'Llama 3.3 70B Q4_K_M' }), lacks: expect.any(Number) },
    })
    expect(weights.withHost.file.name).toBe('Llama 3.3 70B Q8_0')
    expect(parameters.onGpus.file.name).toBe('Llama 3.3 70B Q2_K')
    expect(named(body.results, 'lab-03').weights).not.toHaveProperty('onGpus.next')
  })

  it('takes all stored GGUF files and a mix of the whole catalogue, each file once', async () => {
    const path = join(berth.modelDir, 'small.gguf')
    await writeModelFile(path, headerOf('qwen3-0.6b', 'Q8_0'))
    const { body: imported } = await berth.call('POST', '/api/v1/models/import', { address: path })
    const stored = { kind: 'stored', id: imported.model.id }
    const onOne = { machineIds: [ids.get('lab-04')!] }
    const own = await ask('largest', { files: { stored: true, models: [stored] }, ...onOne })
    expect(own.body).toMatchObject({ files: 1, results: [{ weights: { onGpus: { file: { model: stored } } } }] })
    const all = await ask('largest', { files: { stored: true, mixes: ['Q4_K_M'] }, ...onOne })
    expect(all.body.files).toBeGreaterThan(50)
    const { onGpus, withHost } = all.body.results[0].weights
    expect(onGpus.file.weightBytes).toBeLessThan(16 * 2 ** 30)
    expect(withHost.file.weightBytes).toBeGreaterThan(onGpus.file.weightBytes)
  })

  it('is nothing of nothing', async () => {
    const { body } = await ask('largest', { files: {}, machineIds: [ids.get('lab-04')!] })
    expect(body).toMatchObject({ files: 0, results: [{ weights: {}, parameters: {} }] })
  })
})

describe('what can host a model for so many users', () => {
  it('answers for every machine as the core does', async () => {
    const four = { contextLength: 4 * 8192, parallel: 4 }
    const { status, body } = await ask('hosts', { model: large, request: four })
    expect(status).toBe(200)
    expect(body.model.name).toBe('Llama 3.3 70B Q4_K_M')
    const described = describeModel(headerOf('llama-3.3-70b'))
    if (!described.ok) throw new Error('the catalogue is broken')
    const how = { model: described.value, engine: engines['llama.cpp'] }
    const asked = { ...requestDefaults, parallel: 4, contextLength: tokens(4 * 8192) }
    for (const machine of sampleLab()) {
      const { standing, explanation } = named(body.results, machine.name)
      expect(standing).toEqual(standingOf({ ...how, machine, request: asked }))
      if (standing.on === 'nowhere') expect(explanation[0]).toMatch(/short by/)
      else expect(explanation).toEqual([])
    }
    expect(body.results.map(({ standing }: Answer) => standing.on)).toEqual(['gpus', 'host', 'host', 'nowhere'])
    expect(body.results[0].standing.context.perSlot).toBe(131_072)
  })

  it('keeps the margin of the team', async () => {
    const margin = 4 * 2 ** 30
    const asked = { model: small, machineIds: [ids.get('lab-04')!] }
    const before = (await ask('hosts', asked)).body.results[0].standing.headroom
    await berth.call('PATCH', '/api/v1/team', { marginBytes: margin })
    const after = (await ask('hosts', asked)).body.results[0].standing.headroom
    await berth.call('PATCH', '/api/v1/team', { marginBytes: null })
    expect(before - after).toBe(margin - requestDefaults.margin)
  })
})

describe('what other parts would allow', () => {
  const catalogue = { kind: 'catalogue', gpu: 'nvidia-geforce-rtx-3090-24gb' }
  const whatIf = (machine: string, edits: readonly object[], input: object = {}) =>
    ask('what-if', { machineId: ids.get(machine)!, edits, files: { models: [small, large] }, ...input })

  it('is compared with what is there, and nothing of it is stored', async () => {
    const rows = async () => [
      await berth.database.client.machine.findMany({ include: { devices: true } }),
      await berth.database.client.change.findMany(),
    ]
    const before = await rows()
    const { status, body } = await whatIf('lab-04', [{ kind: 'add-cards', card: catalogue, count: 2 }])
    expect(status).toBe(200)
    expect(body.edits).toEqual(['2 NVIDIA GeForce RTX 3090 (24.00 GiB each)'])
    expect(body.devices.map(({ name, imagined }: Answer) => [name, imagined])).toEqual([
      ['NVIDIA GeForce RTX 4060 Ti', false],
      ['NVIDIA GeForce RTX 3090', true],
      ['NVIDIA GeForce RTX 3090', true],
    ])
    expect(body.devices.at(-1).id).toBe('imagined-gpu-1')
    expect(body.results.map(({ file, gain, explanation }: Answer) => [file.model.id, gain, explanation])).toEqual([
      ['llama-3.3-70b', 'newly-on-gpus', 'Fits on GPUs now'],
      ['llama-3.1-8b', 'more-context', 'Holds a longer context'],
    ])
    const [{ before: was, after }] = body.results
    expect(was).toEqual({ on: 'nowhere', lacks: expect.any(Number) })
    expect(after).toMatchObject({ on: 'gpus', context: { perSlot: expect.any(Number) } })
    expect(await rows()).toEqual(before)
  })

  it('leaves no card in a plan that is saved', async () => {
    const devices = [{ device: 'imagined-gpu-0', layers: 33 }]
    const split = { devices, hostBlocks: 0, expertsOnHost: 0, overrides: [] }
    const plan = { name: 'x', model: small, machineId: ids.get('lab-04'), engine: 'llama.cpp', request, split }
    expect(await berth.call('POST', '/api/v1/plans', plan)).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'split', message: 'names cards of a what-if, which nobody has' }] },
    })
  })

  it('takes several changes, one after the other', async () => {
    const device = (await berth.call('GET', `/api/v1/machines/${ids.get('lab-02')!}`)).body.devices[1].id as DeviceId
    const { body } = await whatIf('lab-02', [
      { kind: 'remove-cards', devices: [device] },
      { kind: 'replace-cards', card: catalogue },
      { kind: 'add-host-memory', added: 64 * 2 ** 30 },
    ])
    expect(body.edits).toEqual([
      'Without GPU 1 (NVIDIA GeForce RTX 3060)',
      'NVIDIA GeForce RTX 3090 (24.00 GiB) in place of GPU 0 (NVIDIA GeForce RTX 4090)',
      '64.00 GiB more RAM, 128.00 GiB in all',
    ])
    expect(body.hostMemoryTotal).toBe(128 * 2 ** 30)
    expect(body.devices).toMatchObject([{ name: 'NVIDIA GeForce RTX 3090', imagined: true }])
  })

  it.each<[string, readonly object[], number, object]>([
    ['no card to replace', [{ kind: 'replace-cards', card: catalogue, devices: [] }], 400, { code: 'invalid-input' }],
    ['no edit', [], 400, { code: 'invalid-input' }],
    [
      'a card that the catalogue has not',
      [{ kind: 'add-cards', card: { kind: 'catalogue', gpu: 'no-such' }, count: 1 }],
      422,
      { code: 'unknown-gpu', fields: [{ path: 'edits[0].card.gpu', message: 'The catalogue has no GPU no-such.' }] },
    ],
    [
      'a card that the machine has not',
      [{ kind: 'add-cards', card: { kind: 'device', device: 'no-such' }, count: 1 }],
      422,
      { code: 'edit-not-possible', detail: 'edits[0].card: The machine has no device no-such.' },
    ],
    [
      'what shares memory, as the second edit',
      [
        { kind: 'add-cards', card: catalogue, count: 1 },
        { kind: 'add-cards', card: { kind: 'catalogue', gpu: 'apple-m2-ultra' }, count: 1 },
      ],
      422,
      {
        code: 'edit-not-possible',
        data: { why: 'shares-host-memory' },
        fields: [
          { path: 'edits[1]', message: 'Apple M2 Ultra shares the host’s memory, and neither is changed by itself.' },
        ],
      },
    ],
    ['more cards than go in', [{ kind: 'add-cards', card: catalogue, count: 33 }], 400, { code: 'invalid-input' }],
    ['no RAM', [{ kind: 'add-host-memory', added: 0 }], 400, { code: 'invalid-input' }],
  ])('refuses %s', async (_, edits, status, problem) => {
    expect(await whatIf('lab-04', edits)).toMatchObject({ status, body: { status, ...problem } })
  })
})

describe('which machine is one upgrade away', () => {
  it('says what would do, as an edit that what-if takes and agrees with', async () => {
    const { status, body } = await ask('upgrades', { model: large })
    expect(status).toBe(200)
    expect(body.results.map(({ machine, state }: Answer) => [machine.name, state])).toEqual([
      ['lab-02', 'upgradable'],
      ['lab-04', 'upgradable'],
      ['lab-01', 'hosts'],
      ['lab-03', 'hosts'],
    ])
    const [first] = body.results[0].upgrades
    expect(first.explanation).toMatch(
      /^One more NVIDIA GeForce RTX 4090 \(24\.00 GiB\): it then fits on the GPUs, with /,
    )
    expect(first.edit).toMatchObject({ kind: 'add-cards', count: 1, card: { kind: 'device' } })
    for (const { machine, upgrades } of body.results.slice(0, 2)) {
      for (const { edit, on, headroom } of upgrades) {
        const asked = { machineId: machine.id, edits: [edit], files: { models: [large] } }
        const [{ after }] = (await ask('what-if', asked)).body.results
        expect(after).toMatchObject({ on, headroom })
      }
    }
  })

  it('counts what the host helps to hold where that is asked for, and says why nothing helps', async () => {
    const { body } = await ask('upgrades', { model: large, mayRelyOnHost: true })
    expect(named(body.results, 'lab-02')).toMatchObject({ state: 'hosts', on: 'host' })
    const giant = { ...large, id: 'deepseek-v3-671b' }
    const { body: beyond } = await ask('upgrades', { model: giant, machineIds: [ids.get('lab-04')!] })
    expect(beyond.results).toMatchObject([{ state: 'out-of-reach' }])
    expect(beyond.results[0].explanation).toEqual([
      expect.stringMatching(/^No single upgrade is enough\. The nearest: /),
    ])
  })
})

describe('any of them', () => {
  it.each<[string, string, object, number, string]>([
    ['a machine that is not there', 'hosts', { model: small, machineIds: ['x'] }, 404, 'not-found'],
    [
      'a machine that is not there',
      'what-if',
      { machineId: 'x', edits: [{ kind: 'add-host-memory', added: 1 }], files: {} },
      404,
      'not-found',
    ],
    ['a model that is not there', 'upgrades', { model: { kind: 'stored', id: 'x' } }, 404, 'not-found'],
    ['a file that is not there', 'largest', { files: { models: [{ kind: 'stored', id: 'x' }] } }, 404, 'not-found'],
    ['a mix that is not offered', 'hosts', { model: { ...small, mix: 'Q9_Z' } }, 422, 'unknown-model'],
    ['a mix that nobody knows', 'largest', { files: { mixes: ['Q9_Z'] } }, 400, 'invalid-input'],
    ['an engine of folders', 'hosts', { model: small, engine: 'exllamav2' }, 400, 'invalid-input'],
    ['a version that nobody knows', 'upgrades', { model: small, engineVersion: 'x' }, 400, 'invalid-input'],
    [
      'more mixes than a call takes',
      'largest',
      { files: { mixes: ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M'] } },
      400,
      'invalid-input',
    ],
    [
      'more files than a call takes',
      'largest',
      { files: { models: Array.from({ length: 401 }, () => small) } },
      400,
      'invalid-input',
    ],
  ])('refuses %s: %s', async (_, path, input, status, code) => {
    expect(await ask(path, input)).toMatchObject({ status, body: { status, code } })
  })

  it('stops when nobody waits for the answer any more, and leaves the thread free', async () => {
    const { client } = await testClient(berth)
    const controller = new AbortController()
    const asked = { engine: 'llama.cpp', request, files: { mixes: ['Q4_K_M', 'Q8_0'] } } as const
    const edits = [{ kind: 'add-host-memory', added: 2 ** 36 }] as const
    const machineId = ids.get('lab-04')!
    const answer = client.capacity.whatIf.mutate({ ...asked, machineId, edits }, { signal: controller.signal })
    await setTimeout(300)
    controller.abort()
    await expect(answer).rejects.toThrow(/abort/i)
    const began = performance.now()
    expect((await ask('hosts', { model: small, machineIds: [machineId] })).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(8000)
  })
})
