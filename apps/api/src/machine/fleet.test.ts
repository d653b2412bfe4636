import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fleetCsv, smallFleet } from '../../test/fleet.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const GIB = 1024 ** 3

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
  await berth.call('POST', '/api/v1/machines/import', { text: fleetCsv(smallFleet) })
})
afterAll(() => berth.close())

const list = (query: string) => berth.call('GET', `/api/v1/machines?${query}`)
const names = async (query: string): Promise<readonly string[]> =>
  (await list(query)).body.items.map(({ name }: Answer) => name)
const everyName = smallFleet.map(([name]) => name)

describe('a list of machines', () => {
  it.each([
    ['', everyName],
    ['text=a100', ['lab-10']],
    ['text=true', ['ham-1']],
    ['site=Berlin&site=', ['lab-1', 'lab-2', 'lab-10', 'cpu-1']],
    ['site=Berlin&owner=vision', ['lab-1']],
    ['gpu=AMD+Instinct+MI300X', ['ham-1', 'ham-2']],
    ['gpuCount=4&gpuCount=0', ['lab-2', 'cpu-1']],
    ['label=rack&label=tier!%3Dgold', ['lab-2']],
    ['label=true', ['ham-1']],
    ['label=!rack', ['ham-1', 'ham-2', 'cpu-1']],
    [`freeMin=${100 * GIB}`, ['ham-1']],
    [`freeOnOneMin=${10 * GIB}`, ['lab-1', 'lab-10', 'ham-1']],
    ['state=not-measured', ['ham-2']],
    ['state=maintenance', []],
    ['sort=name', ['cpu-1', 'ham-1', 'ham-2', 'lab-1', 'lab-2', 'lab-10']],
    ['sort=-memory&site=Hamburg&site=Berlin', ['ham-1', 'ham-2', 'lab-10', 'lab-2', 'lab-1']],
    // what is not known is last in either direction
    ['sort=-free', ['ham-1', 'lab-10', 'lab-1', 'lab-2', 'cpu-1', 'ham-2']],
    ['sort=site', ['lab-1', 'lab-2', 'lab-10', 'ham-1', 'ham-2', 'cpu-1']],
    // a parameter of somebody else's
    ['utm_source=mail&site=Hamburg', ['ham-1', 'ham-2']],
  ])('?%s', async (query, expected) => expect(await names(query)).toEqual(expected))

  it.each([
    ['state=asleep', 'state[0]'],
    ['label=two+words', 'label[0]'],
    ['gpuCount=many', 'gpuCount[0]'],
    ['freeMin=-1', 'freeMin'],
    ['freeOnOneMin=0.5', 'freeOnOneMin'],
    ['site=%00', 'site[0]'],
    [`text=${'x'.repeat(201)}`, 'text'],
    ['sort=beauty', 'sort'],
    ['sort=name&cursor=nonsense', 'cursor'],
    ['cursor=a.b', 'cursor'],
    [`cursor=${'x'.repeat(65)}`, 'cursor'],
    [Array.from({ length: 101 }, (_, at) => `site=${at}`).join('&'), 'site'],
  ])('?%s is refused', async (query, path) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { code: 'invalid-input', fields: [{ path }] } })
  })

  it.each(['', 'site=Berlin&site=Hamburg', 'sort=name', 'sort=-free', 'sort=site&gpu=', 'sort=-read', 'label=!none'])(
    'in pages neither repeats nor leaves out: ?%s',
    async (query) => {
      const all = await names(query)
      for (const limit of [1, 2, 4]) {
        const seen: string[] = []
        for (let cursor = ''; ;) {
          const { status, body } = await list(`${query}&limit=${limit}${cursor}`)
          expect(status).toBe(200)
          seen.push(...body.items.map(({ name }: Answer) => name))
          if (body.nextCursor === null) break
          cursor = `&cursor=${body.nextCursor}`
        }
        expect(seen).toEqual(all)
      }
    },
  )

  it('goes on behind a machine that is gone, and does not take the cursor of another sort', async () => {
    const text = fleetCsv([['lab-1b', 'Berlin', '', '', '', 0]])
    const { body } = await berth.call('POST', '/api/v1/machines/import', { text })
    const first = (await list('sort=name&limit=5')).body
    expect(first.items.at(-1).name).toBe('lab-1b')
    await berth.call('DELETE', `/api/v1/machines/${body.machines[0].machine.id}`)
    expect(await names(`sort=name&cursor=${first.nextCursor}`)).toEqual(['lab-2', 'lab-10'])
    expect((await list(`sort=-name&cursor=${first.nextCursor}`)).status).toBe(400)
    expect((await list(`cursor=${first.nextCursor}`)).status).toBe(400)
  })
})

it('says what machines can be chosen by, with what each choice would list', async () => {
  const { status, body } = await berth.call('GET', '/api/v1/machines/facets?site=Berlin&label=rack=a')
  expect(status).toBe(200)
  expect(body).toEqual({
    machines: 6,
    matching: 2,
    site: [
      { value: 'Berlin', count: 2 },
      { value: 'Hamburg', count: 0 },
      { value: '', count: 0 },
    ],
    owner: [
      { value: 'speech', count: 1 },
      { value: 'vision', count: 1 },
      { value: '', count: 0 },
    ],
    gpu: [
      { value: 'AMD Instinct MI300X', count: 0 },
      { value: 'NVIDIA A100-SXM4-80GB', count: 0 },
      { value: 'NVIDIA GeForce RTX 3090', count: 2 },
      { value: '', count: 0 },
    ],
    gpuCount: [
      { value: '0', count: 0 },
      { value: '2', count: 1 },
      { value: '4', count: 1 },
      { value: '8', count: 0 },
    ],
    state: [
      { value: 'ready', count: 2 },
      { value: 'not-measured', count: 0 },
    ],
    labels: [
      {
        key: 'rack',
        values: [
          { value: 'a', count: 2 },
          { value: 'b', count: 1 },
        ],
      },
      { key: 'tier', values: [{ value: 'gold', count: 1 }] },
      { key: 'true', values: [{ value: '', count: 0 }] },
    ],
  })
  const sites = body.site as readonly { readonly value: string; readonly count: number }[]
  for (const { value, count } of sites) expect(await names(`site=${value}&label=rack=a`)).toHaveLength(count)
})

it('holds more machines than a statement of the database has room to name', async () => {
  const many = await testServer()
  const rows = Array.from(
    { length: 520 },
    (_, at) => [`m-${at + 1}`, '', '', '', 'NVIDIA GeForce RTX 3090', 1] as const,
  )
  expect((await many.call('POST', '/api/v1/machines/import', { text: fleetCsv(rows) })).status).toBe(200)
  expect((await many.call('GET', '/api/v1/machines?limit=1000')).body.items).toHaveLength(520)
  expect((await many.call('GET', '/api/v1/machines?limit=1000&sort=-memory')).body.items).toHaveLength(520)
  expect((await many.call('GET', '/api/v1/machines/facets?gpuCount=1')).body).toMatchObject({ matching: 520 })
  // Compared with what is there already.
  const again = await many.call('POST', '/api/v1/machines/import', { text: fleetCsv(rows.slice(0, 1)) })
  expect(again.body).toMatchObject({ machines: [expect.anything()] })
  await many.close()
})
