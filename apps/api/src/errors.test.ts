import { GgufError, type GgufIssue } from '@berth/gguf'
import { TRPCClientError } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, testClient, testServer, type TestServer } from '../test/server.ts'
import { ApiError, type ErrorCode, errorTable } from './errors.ts'
import { toApiError } from './to-api-error.ts'

const codes = Object.keys(errorTable) as ErrorCode[]

let thrown: unknown
let berth: TestServer
let client: Awaited<ReturnType<typeof testClient>>['client']
beforeAll(async () => {
  berth = await testServer({ readModel: async () => Promise.reject(thrown) })
  client = (await testClient(berth)).client
})
afterAll(() => berth.close())

/** Fields of every issue there is, so that its sentence can be made. */
const ggufIssue = (code: string): GgufIssue =>
  ({ code, available: ['Q4_K_M'], candidates: [], found: 'PK', field: 'general.name', limit: 1, needed: 2 }) as never

const asThrown = (code: ErrorCode): Error =>
  code.startsWith('gguf-')
    ? new GgufError(ggufIssue(code.slice(5)))
    : new ApiError(code, 'It is so.', { data: { a: 1 } })

describe('every code', () => {
  it.each(codes)('%s leaves REST as a problem and tRPC with the same', async (code) => {
    thrown = asThrown(code)
    const { status, title } = errorTable[code]
    const rest = await berth.call('POST', '/api/v1/models/import', { address: 'x' })
    expect(rest.status).toBe(status)
    expect(rest.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(rest.body).toMatchObject({ type: `urn:berth:problem:${code}`, title, status, code })
    expect(rest.body.detail.length).toBeGreaterThan(3)
    expect(rest.body.requestId).toBe(rest.headers['x-request-id'])
    if (!code.startsWith('gguf-')) expect(rest.body).toMatchObject({ detail: 'It is so.', data: { a: 1 } })

    const failure: Answer = await client.models.import.mutate({ address: 'x' }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TRPCClientError)
    expect(failure.data.httpStatus).toBe(status)
    expect(failure.data.problem).toEqual({ ...rest.body, requestId: failure.data.problem.requestId })
    expect(failure.data.stack).toBeUndefined()
  })
})

describe('what was not foreseen', () => {
  it.each([
    ['an error', new Error('connect to postgresql://u:secret@db failed')],
    ['text', 'secret'],
    ['nothing', undefined],
    ['an odd error', Object.assign(new Error('secret'), { code: 'P9999', statusCode: 700 })],
  ])('%s says nothing of itself', async (_, what) => {
    thrown = what
    const answer = await berth.call('POST', '/api/v1/models/import', { address: 'x' })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(JSON.stringify(answer)).not.toContain('secret')
    const failure: Answer = await client.models.import.mutate({ address: 'x' }).catch((error: unknown) => error)
    expect(failure.data.httpStatus).toBe(500)
    expect(JSON.stringify([failure.message, failure.data, failure.shape])).not.toContain('secret')
  })
})

it.each([
  ['P2002', 'Unique constraint failed', 'conflict'],
  ['P2003', 'Foreign key constraint violated', 'conflict'],
  ['P2025', 'Record not found', 'conflict'],
  ['P2034', 'Transaction failed due to a write conflict', 'conflict'],
  ['P1008', 'Operations timed out', 'busy'],
  ['P2028', 'Transaction API error', 'busy'],
  ['P2010', 'SQLITE_FULL: database or disk is full', 'storage-full'],
])('the database’s %s (%s) becomes %s', (code, message, expected) => {
  const error = toApiError(Object.assign(new Error(message), { code }))
  expect(error.code).toBe(expected)
  expect(error.message).not.toContain(message)
})
