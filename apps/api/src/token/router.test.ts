import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'
import { hashOf, secretOf } from './secret.ts'

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(() => berth.database.client.registrationToken.deleteMany())

const PATH = '/api/v1/registration-tokens'
const create = (input: object) => berth.call('POST', PATH, input)
const list = async (): Promise<Answer> => (await berth.call('GET', PATH)).body.items

it('a token shows its secret once, and only its hash is kept', async () => {
  const { status, body } = await create({ name: ' rack 3 ' })
  const { secret, ...token } = body
  expect(status).toBe(201)
  expect(secret).toMatch(/^brt_[\w-]{43}$/)
  expect(token).toMatchObject({ name: 'rack 3', expiresAt: null, lastUsedAt: null })
  expect(await list()).toEqual([token])
  const rows = await berth.database.client.registrationToken.findMany()
  expect(rows.map(({ secretHash }) => secretHash)).toEqual([hashOf(secret)])
  expect(JSON.stringify(rows)).not.toContain(secret.slice(4))
  expect((await create({ name: 'rack 4' })).body.secret).not.toBe(secret)
})

it('one name means one token, and it is gone once revoked', async () => {
  const { body } = await create({ name: 'rack 3' })
  expect(await create({ name: 'rack 3' })).toMatchObject({ status: 409, body: { code: 'name-taken' } })
  const revoke = () => berth.call('DELETE', `${PATH}/${body.id}`)
  expect(await revoke()).toMatchObject({ status: 200, body: { id: body.id } })
  expect(await revoke()).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(await list()).toEqual([])
})

it.each([
  ['no name', {}, 'name'],
  ['an empty name', { name: ' ' }, 'name'],
  ['an end in the past', { name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ['an end that is no time', { name: 'x', expiresAt: 'soon' }, 'expiresAt'],
])('takes no token with %s', async (_, input, path) => {
  expect(await create(input)).toMatchObject({ status: 400, body: { code: 'invalid-input', fields: [{ path }] } })
})

describe('an Authorization header', () => {
  const secret = `brt_${'x'.repeat(43)}`
  it.each([
    [`Bearer ${secret}`, secret],
    [`bearer   ${secret} `, secret],
    [secret, undefined],
    [`Basic ${secret}`, undefined],
    [`Bearer ${secret}x`, undefined],
    [`Bearer ${secret}, Bearer ${secret}`, undefined],
    ['Bearer ', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j holds %j', (header, expected) => expect(secretOf(header)).toBe(expected))
})
