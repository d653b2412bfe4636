import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { testServer, type TestServer } from '../../test/server.ts'
import { MAX_VIEWS } from './schema.ts'

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(() => berth.database.client.savedView.deleteMany())

const save = (name: string, query = 'site=Berlin&sort=-free') =>
  berth.call('POST', '/api/v1/views', { list: 'machines', name, query })
const list = () => berth.call('GET', '/api/v1/views?list=machines')

it('views are saved, listed, renamed, changed and removed', async () => {
  const first = await save(' Berlin ')
  expect(first).toMatchObject({
    status: 201,
    body: { list: 'machines', name: 'Berlin', query: 'site=Berlin&sort=-free', ignored: [] },
  })
  const second = (await save('All', '')).body
  const url = `/api/v1/views/${first.body.id}`
  expect(await berth.call('PATCH', url, { name: 'Berlin, free first' })).toMatchObject({
    status: 200,
    body: { name: 'Berlin, free first', query: 'site=Berlin&sort=-free' },
  })
  expect(await berth.call('PATCH', url, { query: 'site=Hamburg' })).toMatchObject({ body: { query: 'site=Hamburg' } })
  expect((await list()).body.items).toMatchObject([{ name: 'Berlin, free first', query: 'site=Hamburg' }, second])
  expect(await berth.call('DELETE', url)).toMatchObject({ status: 200, body: { id: first.body.id } })
  expect((await list()).body.items).toEqual([second])
  for (const method of ['PATCH', 'DELETE'] as const) {
    const gone = await berth.call(method, url, method === 'PATCH' ? { name: 'x' } : undefined)
    expect(gone).toMatchObject({ status: 404, body: { code: 'not-found' } })
  }
})

it('a name is given once', async () => {
  await save('Berlin')
  const other = await save('Hamburg')
  expect(await save('Berlin')).toMatchObject({ status: 409, body: { code: 'name-taken', data: { name: 'Berlin' } } })
  const renamed = await berth.call('PATCH', `/api/v1/views/${other.body.id}`, { name: 'Berlin' })
  expect(renamed).toMatchObject({ status: 409, body: { code: 'name-taken' } })
  expect((await list()).body.items).toHaveLength(2)
})

it('what a query names and this version does not know is kept, and said to be ignored', async () => {
  const query = 'site=Berlin&rack=a&state=asleep&columns=memory,site&density=compact'
  expect((await save('odd', query)).body).toMatchObject({
    query,
    ignored: [
      { name: 'rack', value: 'a' },
      { name: 'state', value: 'asleep' },
    ],
  })
})

it.each<[object, string]>([
  [{ list: 'machines', name: '', query: '' }, 'name'],
  [{ list: 'machines', name: 'a\nb', query: '' }, 'name'],
  [{ list: 'machines', name: 'x', query: 'x'.repeat(2001) }, 'query'],
  [{ list: 'machines', name: 'x', query: 'a\u0000' }, 'query'],
  [{ list: 'planets', name: 'x', query: '' }, 'list'],
])('%j is refused', async (input, path) => {
  expect(await berth.call('POST', '/api/v1/views', input)).toMatchObject({
    status: 400,
    body: { code: 'invalid-input', fields: [{ path }] },
  })
})

it('there are so many and no more, and a change must change something', async () => {
  const { body } = await save('first')
  const data = Array.from({ length: MAX_VIEWS - 1 }, (_, at) => ({
    ...{ teamId: 'local', id: `v${at}`, list: 'machines', name: `v${at}`, query: '' },
  }))
  await berth.database.client.savedView.createMany({ data })
  expect(await save('one more')).toMatchObject({
    status: 422,
    body: { code: 'limit-exceeded', data: { limit: MAX_VIEWS } },
  })
  expect((await berth.call('PATCH', `/api/v1/views/${body.id}`, {})).status).toBe(400)
})
