import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { twoGpus } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.machine.deleteMany()
})

const create = (input: object) => berth.call('POST', '/api/v1/machines', input)
const list = async (): Promise<Answer> => (await berth.call('GET', '/api/v1/machines')).body.items
const twoUsed = {
  name: 'what if',
  gpus: [{ gpu: 'nvidia-geforce-rtx-3090-24gb', count: 2 }],
  hostMemoryBytes: 128 * GIB,
}

describe('a machine of the catalogue', () => {
  it('is registered with figures that are the catalogue’s, and can be planned on', async () => {
    const { status, body } = await create({ ...twoUsed, cpu: { name: 'AMD EPYC 7763', cores: 64 }, link: 'PHB' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'what if',
      maintenance: null,
      sample: false,
      hostMemoryTotal: 128 * GIB,
      cpuName: 'AMD EPYC 7763',
      cpuCores: 64,
      fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'],
      links: [{ from: 'catalogue-gpu-0', to: 'catalogue-gpu-1', kind: 'PHB' }],
    })
    for (const device of body.devices) {
      const provenances = Object.values(device.memory).map((figure) => (figure as Answer).provenance as string)
      expect(provenances).toEqual(['catalogue', 'catalogue', 'catalogue'])
      expect(device.fromCatalogue).toHaveLength(5)
    }
    expect(await list()).toEqual([body])
    const plan = { model: { kind: 'catalogue', id: 'llama-3.3-70b', mix: 'Q4_K_M' }, engine: 'llama.cpp', request: {} }
    const judged = await berth.call('POST', '/api/v1/plans/evaluate', plan)
    expect(judged.body.results).toMatchObject([{ machine: { id: body.id }, fits: true }])
  })

  it('is a host without GPUs where memory is all that is given', async () => {
    expect(await create({ name: 'host', hostMemoryBytes: 64 * GIB })).toMatchObject({
      status: 201,
      body: { devices: [] },
    })
  })

  it.each<[string, object, number, object]>([
    ['no GPU and no memory', { gpus: [], hostMemoryBytes: undefined }, 400, { fields: [{ path: 'gpus' }] }],
    [
      'a GPU nobody knows',
      { gpus: [{ gpu: 'RTX 9999' }] },
      422,
      { code: 'unknown-gpu', fields: [{ path: 'gpus[0].gpu' }], data: { candidates: [] } },
    ],
    [
      'a name of two products',
      { gpus: [{ gpu: 'RTX 3090' }, { gpu: 'RTX 3080' }] },
      422,
      {
        code: 'unknown-gpu',
        fields: [{ path: 'gpus[1].gpu' }],
        data: { candidates: ['nvidia-geforce-rtx-3080-10gb', 'nvidia-geforce-rtx-3080-12gb'] },
      },
    ],
    [
      'too many cards together',
      { gpus: [{ gpu: 'RTX 3090', count: 32 }, { gpu: 'RTX 3060' }] },
      422,
      { code: 'limit-exceeded', data: { field: 'gpus', limit: 32 } },
    ],
    ['too many of one', { gpus: [{ gpu: 'RTX 3090', count: 33 }] }, 400, { fields: [{ path: 'gpus[0].count' }] }],
    [
      'shared memory of no size',
      { gpus: [{ gpu: 'apple-m2-ultra' }], hostMemoryBytes: undefined },
      400,
      { code: 'invalid-input', fields: [{ path: 'hostMemoryBytes' }] },
    ],
    ['memory shared twice', { gpus: [{ gpu: 'apple-m2-ultra', count: 2 }] }, 400, { fields: [{ path: 'gpus[0]' }] }],
    ['more memory than there is', { hostMemoryBytes: 2 ** 51 }, 400, { fields: [{ path: 'hostMemoryBytes' }] }],
    ['a link nobody knows', { link: 'NV99' }, 400, { fields: [{ path: 'link' }] }],
    ['control characters', { cpu: { name: 'a\u0000' } }, 400, { fields: [{ path: 'cpu.name' }] }],
  ])('is refused with %s, and nothing saved', async (_, change, status, body) => {
    expect(await create({ ...twoUsed, ...change })).toMatchObject({ status, body })
    expect(await list()).toEqual([])
  })

  it('takes no name that a machine has already, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => create(twoUsed)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    expect(await list()).toHaveLength(1)
  })
})

describe('clones', () => {
  it('are of the same build under numbered names, and measured by nobody', async () => {
    await berth.call('POST', '/api/v1/machines/import', { text: twoGpus(1, 'lab-01') })
    const [first] = await list()
    const said = { site: 'Berlin', owner: 'vision', labels: { rack: 'a' } }
    await berth.call('PATCH', `/api/v1/machines/${first.id}`, said)
    const { status, body } = await berth.call('POST', `/api/v1/machines/${first.id}/clone`, {
      count: 8,
      names: 'lab-{nn}',
    })
    expect(status).toBe(201)
    const names = ['02', '03', '04', '05', '06', '07', '08', '09'].map((number) => `lab-${number}`)
    expect(body.machines.map(({ name }: Answer) => name)).toEqual(names)
    expect(new Set(body.machines.map(({ id }: Answer) => id)).size).toBe(8)
    const [clone] = body.machines
    expect(clone).toMatchObject(said)
    expect(clone.devices).toHaveLength(2)
    expect(clone.devices[0]).toMatchObject({
      id: 'clone-gpu-0',
      name: first.devices[0].name,
      memoryTotal: first.devices[0].memoryTotal,
      memory: { reported: { provenance: 'typed' } },
    })
    expect(clone.devices[0]).not.toHaveProperty('uuid')
    expect(clone.devices[0]).not.toHaveProperty('memoryUsed')
    expect((await berth.call('GET', `/api/v1/machines/${clone.id}`)).body).toEqual({ ...clone, rawText: '' })
    expect(await list()).toHaveLength(9)
    // The clone is brought up to date by its own tools, the first by its own.
    const again = await berth.call('POST', '/api/v1/machines/import', { text: twoGpus(5, 'lab-02') })
    expect(again.body.machines).toMatchObject([{ machine: { id: clone.id }, change: 'changed' }])
  })

  it('are a hundred at most, within seconds', async () => {
    const { body: first } = await create({ ...twoUsed, gpus: [{ gpu: 'RTX 3090', count: 16 }], link: 'NV4' })
    const clone = (count: number) => berth.call('POST', `/api/v1/machines/${first.id}/clone`, { count })
    expect(await clone(101)).toMatchObject({ status: 400, body: { fields: [{ path: 'count' }] } })
    const began = performance.now()
    const { status, body } = await clone(100)
    expect(status).toBe(201)
    expect(body.machines).toHaveLength(100)
    expect(body.machines.at(-1).name).toBe('what if-100')
    expect(performance.now() - began).toBeLessThan(15_000)
  })

  it.each<[string, object, number, object]>([
    ['a name is taken', { count: 3, names: 'c-{n}', firstNumber: 1 }, 409, { data: { names: ['c-2'] } }],
    ['nothing tells them apart', { count: 2, names: 'c' }, 400, { fields: [{ path: 'names' }] }],
    ['the pattern is no name', { names: 'a\n{n}' }, 400, { fields: [{ path: 'names' }] }],
    ['none is asked for', { count: 0 }, 400, { fields: [{ path: 'count' }] }],
  ])('are none when %s', async (_, input, status, body) => {
    const { body: first } = await create(twoUsed)
    await create({ ...twoUsed, name: 'c-2' })
    expect(await berth.call('POST', `/api/v1/machines/${first.id}/clone`, input)).toMatchObject({ status, body })
    expect(await list()).toHaveLength(2)
  })
})

describe('the catalogue’s GPUs', () => {
  const search = (query: string) => berth.call('GET', `/api/v1/catalogue/gpus?${query}`)
  const ids = async (query: string) => (await search(query)).body.items.map(({ id }: Answer) => id)

  it('are found by text, vendor and memory, with their sources', async () => {
    expect((await search('text=3090%20ti')).body).toMatchObject({
      items: [
        {
          id: 'nvidia-geforce-rtx-3090-ti-24gb',
          vendor: 'NVIDIA',
          memoryNominal: [24 * GIB],
          unified: false,
          memoryBandwidthBytesPerSecond: 1008.4e9,
          memorySource: 'unconfirmed',
        },
      ],
      nextCursor: null,
    })
    expect(await ids(`text=4090&memoryMin=${32 * GIB}`)).toEqual(['nvidia-geforce-rtx-4090-48gb'])
    expect(await ids(`vendor=Intel&memoryMax=${6 * GIB}`)).toEqual(['intel-arc-a380-graphics-6gb'])
    expect(await ids('text=no%20such')).toEqual([])
  })

  it('come in pages that neither repeat nor leave out', async () => {
    const all = await ids('limit=1000')
    expect(all.length).toBeGreaterThan(150)
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const { body }: Answer = await search(`limit=50${cursor === null ? '' : `&cursor=${cursor}`}`)
      paged.push(...body.items.map(({ id }: Answer) => id as string))
      cursor = body.nextCursor as string | null
    } while (cursor !== null)
    expect(paged).toEqual(all)
  })

  it.each(['vendor=Nobody', 'memoryMin=-1', 'memoryMin=lots', 'cursor=none', 'limit=0', `text=${'x'.repeat(201)}`])(
    'are not searched by %s',
    async (query) => {
      const path = query.split('=')[0]
      expect(await search(query)).toMatchObject({ status: 400, body: { code: 'invalid-input', fields: [{ path }] } })
    },
  )
})
