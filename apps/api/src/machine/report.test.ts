import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, uuid } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const MIB = 1024 ** 2
let berth: TestServer
let secret: string
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.machine.deleteMany()
  await berth.database.client.registrationToken.deleteMany()
  secret = (await berth.call('POST', '/api/v1/registration-tokens', { name: 'rack 3' })).body.secret
})

interface Tool {
  readonly command: string
  readonly exitCode: number
  readonly error?: string
  readonly output: string
}

const csv = (gpus: Parameters<typeof smiCsv>[0]): Tool => ({
  ...{ command: 'nvidia-smi --query-gpu=x --format=csv', exitCode: 0, output: smiCsv(gpus) },
})
const meminfo: Tool = {
  command: 'cat /proc/meminfo',
  exitCode: 0,
  output: 'MemTotal: 65536 kB\nMemAvailable: 32768 kB\n',
}
const failed: Tool = { command: 'nvidia-smi -q -x', exitCode: 9, error: 'the driver is gone', output: '' }

const reportOf = (tools: readonly Tool[], fields: object = {}) => ({
  ...{ berthCollector: 1, hostName: 'lab-01', collectedAt: '2026-03-01T08:00:00Z', os: 'linux' },
  ...fields,
  tools,
})
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const send = (body: object, headers: Readonly<Record<string, string>> = bearer(secret)) =>
  berth.call('POST', '/api/v1/machines/report', body, headers)
const machines = async (): Promise<Answer> => (await berth.call('GET', '/api/v1/machines')).body.items

describe('a report', () => {
  it('registers a machine, and says when it was read and how often it will be', async () => {
    const begun = Date.now()
    const body = reportOf([csv([{ uuid: uuid(1) }]), meminfo], { everySeconds: 300 })
    const answer = await send(body)
    const [machine] = await machines()
    expect(answer).toMatchObject({
      status: 200,
      body: { machine: { id: machine.id, name: 'lab-01' }, change: 'new', warnings: [] },
    })
    expect(machine).toMatchObject({
      revision: 1,
      os: 'linux',
      reportSeconds: 300,
      stale: null,
      hostMemoryUsed: 32 * MIB,
    })
    expect(Date.parse(machine.readAt)).toBeGreaterThanOrEqual(begun)
    const detail = await berth.call('GET', `/api/v1/machines/${machine.id}`)
    expect(JSON.parse(detail.body.rawText)).toEqual(body)
    const [token] = (await berth.call('GET', '/api/v1/registration-tokens')).body.items
    expect(token.lastUsedAt).toBe(machine.readAt)
  })

  it('of a machine without a GPU is a machine that can be asked about', async () => {
    const answer = await send(reportOf([meminfo], { remarks: ['no GPU tool found'] }))
    expect(answer.body).toMatchObject({ change: 'new', warnings: [{ code: 'no-devices' }] })
    expect(await machines()).toMatchObject([{ devices: [], hostMemoryTotal: 64 * MIB }])
    for (const engine of ['llama.cpp', 'ollama', 'koboldcpp', 'exllamav2']) {
      const model = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
      const plan = await berth.call('POST', '/api/v1/plans/evaluate', {
        model,
        engine,
        request: { contextLength: 512 },
      })
      expect({ engine, status: plan.status }).toEqual({ engine, status: 200 })
      expect(plan.body.results).toMatchObject([{ fits: false, machine: { name: 'lab-01', stale: null } }])
    }
  })

  it('of nothing new is still a reading, and of other use of memory no change', async () => {
    await send(reportOf([csv([{ uuid: uuid(1), usedMib: 1 }])], { everySeconds: 60 }))
    const [first] = await machines()
    expect((await send(reportOf([csv([{ uuid: uuid(1), usedMib: 1 }])], { everySeconds: 60 }))).body.change).toBe(
      'unchanged',
    )
    const [second] = await machines()
    expect(Date.parse(second.readAt)).toBeGreaterThan(Date.parse(first.readAt))
    expect(second).toEqual({ ...first, readAt: second.readAt })

    const busy = reportOf([csv([{ uuid: uuid(1), usedMib: 900 }])])
    expect((await send(busy)).body.change).toBe('measured')
    const [third] = await machines()
    expect(third).toMatchObject({ revision: 1, updatedAt: first.updatedAt, reportSeconds: null })
    expect(third.devices).toMatchObject([{ memoryUsed: 900 * MIB }])

    const more = reportOf([csv([{ uuid: uuid(1), usedMib: 900 }, { uuid: uuid(2) }])])
    expect((await send(more)).body.change).toBe('changed')
    expect(await machines()).toMatchObject([{ revision: 2, devices: [{}, {}] }])
    expect((await send(busy)).body.change).toBe('changed')
    expect(await machines()).toMatchObject([{ revision: 3, missingDevices: [{ id: uuid(2) }] }])
    expect((await send(busy)).body.change).toBe('unchanged')
    expect((await send(reportOf([csv([{ uuid: uuid(1), usedMib: 7 }])]))).body.change).toBe('measured')
    expect((await send(more)).body.change).toBe('changed')

    const { items } = (await berth.call('GET', `/api/v1/machines/${first.id}/history`)).body
    const told = items.map(({ action, source }: Answer) => `${action} by ${source.replace(/\d+$/, 'N')}`)
    expect(told).toEqual([...Array(3).fill('reported by token rack N'), 'created by token rack N'])
    expect(items.at(-1).differences[0]).toEqual({ path: 'origin', before: null, after: 'report' })
  })

  it('finds its machine by its cards, whatever both are called', async () => {
    await berth.call('POST', '/api/v1/machines/import', { text: smiCsv([{ uuid: uuid(1) }], 'left') })
    expect((await send(reportOf([csv([{ uuid: uuid(1) }])]))).body).toMatchObject({ machine: { name: 'left' } })
    expect(await machines()).toMatchObject([{ name: 'left', revision: 2, os: 'linux' }])
    expect(await send(reportOf([csv([{ uuid: uuid(2) }])], { hostName: 'left' }))).toMatchObject({
      status: 409,
      body: { code: 'name-taken' },
    })
  })

  it('whose tool failed takes no card away', async () => {
    const cards = [{ uuid: uuid(1) }, { uuid: uuid(2) }]
    await send(reportOf([csv(cards), meminfo]))
    await send(reportOf([csv(cards.slice(0, 1)), meminfo]))
    const answer = await send(reportOf([failed, meminfo]))
    expect(answer.body).toMatchObject({
      change: 'unchanged',
      warnings: [{ code: 'tool-failed' }, { code: 'no-devices' }],
    })
    expect(await machines()).toMatchObject([
      { revision: 2, devices: [{ id: uuid(1) }], missingDevices: [{ id: uuid(2) }] },
    ])
    const none = { ...failed, exitCode: 6, error: 'No devices were found' }
    expect((await send(reportOf([none, meminfo]))).body.change).toBe('changed')
    expect(await machines()).toMatchObject([{ devices: [], missingDevices: [{ id: uuid(1) }, { id: uuid(2) }] }])
  })

  it('goes stale, and says so wherever it is planned on', async () => {
    await send(reportOf([csv([{ uuid: uuid(1) }])], { everySeconds: 60 }))
    await berth.database.client.machine.updateMany({ data: { readAt: new Date(Date.now() - 3_600_000) } })
    const stale = 'It reports every 60 s, and was last heard of 60 min ago: free memory and hardware may have changed.'
    expect(await machines()).toMatchObject([{ stale }])
    const ask = { model: { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }, engine: 'llama.cpp' }
    for (const [path, input] of [
      ['evaluate', { ...ask, request: { contextLength: 512 } }],
      ['solve', { ...ask, request: {}, unknown: 'context' }],
      ['together', { models: [{ model: ask.model, request: {} }], engine: 'llama.cpp' }],
    ] as const) {
      const { body } = await berth.call('POST', `/api/v1/plans/${path}`, input)
      expect({ path, machine: body.results[0].machine }).toMatchObject({ path, machine: { stale } })
    }
  })
})

describe('pasted by hand', () => {
  it('is as old as it says, and promises no more reports', async () => {
    const text = JSON.stringify(
      reportOf([csv([{ uuid: uuid(1) }])], { everySeconds: 60, collectedAt: '2026-01-02T03:04:05Z' }),
    )
    await berth.call('POST', '/api/v1/machines/import', { text })
    expect(await machines()).toMatchObject([{ readAt: '2026-01-02T03:04:05.000Z', reportSeconds: null }])
    await send(reportOf([csv([{ uuid: uuid(1) }])], { everySeconds: 60 }))
    await berth.call('POST', '/api/v1/machines/import', { text: text.replace('2026-01', '2996-01') })
    const [machine] = await machines()
    expect(machine.reportSeconds).toBe(60)
    expect(Date.parse(machine.readAt)).toBeLessThanOrEqual(Date.now())
  })
})

describe('who may report', () => {
  const body = reportOf([meminfo])
  it.each([
    ['nobody without a token', {}, 'needs a registration token'],
    ['nobody with another’s scheme', { authorization: 'Basic eDp5' }, 'needs a registration token'],
    ['nobody with a token of no team', bearer(`brt_${'x'.repeat(43)}`), 'There is no such registration token'],
    ['nobody by a cookie', { cookie: `token=brt_${'x'.repeat(43)}` }, 'needs a registration token'],
  ])('%s', async (_, headers, message) => {
    const answer = await send(body, headers)
    expect(answer).toMatchObject({ status: 401, body: { code: 'token-refused' } })
    expect(answer.body.detail).toContain(message)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="berth"')
    expect(await machines()).toEqual([])
  })

  it('nobody by a token that is revoked or has expired', async () => {
    const later = new Date(Date.now() + 60_000).toISOString()
    const made = await berth.call('POST', '/api/v1/registration-tokens', { name: 'short', expiresAt: later })
    expect((await send(body, bearer(made.body.secret))).status).toBe(200)
    await berth.database.client.registrationToken.updateMany({ data: { expiresAt: new Date() } })
    expect(await send(body, bearer(made.body.secret))).toMatchObject({ status: 401, body: { code: 'token-refused' } })
    await berth.database.client.registrationToken.deleteMany()
    expect((await send(body)).status).toBe(401)
  })

  it('nobody from another site’s page, though it may know a token', async () => {
    const answer = await send(body, { ...bearer(secret), 'sec-fetch-site': 'cross-site' })
    expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site-request' } })
  })

  it('the token’s own team and no other', async () => {
    const { client } = berth.database
    await client.team.create({ data: { id: 'others', name: 'Others' } })
    await client.registrationToken.updateMany({ data: { teamId: 'others' } })
    await berth.call('POST', '/api/v1/machines/import', { text: smiCsv([{ uuid: uuid(1) }], 'lab-01') })
    expect((await send(reportOf([csv([{ uuid: uuid(1) }])]))).body.change).toBe('new')
    expect(await client.machine.count({ where: { teamId: 'others' } })).toBe(1)
    expect(await machines()).toMatchObject([{ revision: 1, reportSeconds: null }])
  })

  it('so often a minute, and each token for itself', async () => {
    const limited = await testServer({ reportRateLimit: 2 })
    const tokenOf = async (name: string) =>
      (await limited.call('POST', '/api/v1/registration-tokens', { name })).body.secret as string
    const [left, right] = [await tokenOf('left'), await tokenOf('right')]
    const statuses = async (token: string, times: number) => {
      const found: number[] = []
      for (let time = 0; time < times; time += 1) {
        found.push((await limited.call('POST', '/api/v1/machines/report', body, bearer(token))).status)
      }
      return found
    }
    expect(await statuses(left, 3)).toEqual([200, 200, 429])
    expect(await statuses(right, 1)).toEqual([200])
    await limited.close()
  })
})

describe('what is no report', () => {
  it.each([
    ['two machines', [reportOf([meminfo]), reportOf([meminfo], { hostName: 'lab-02' })], 400, 'invalid-input'],
    [
      'whole machines',
      { berth: 'machine', version: 1, id: 'a', name: 'a', devices: [], links: [] },
      400,
      'invalid-input',
    ],
    ['another JSON', { text: 'x' }, 422, 'inventory-unrecognised'],
    ['a newer collector', reportOf([meminfo], { berthCollector: 2 }), 422, 'inventory-version-unsupported'],
    ['a name that cannot be shown', reportOf([meminfo], { hostName: 'a\u202eb' }), 400, 'invalid-input'],
    [
      'a name longer than one may be',
      reportOf([meminfo], { hostName: 'x'.repeat(254) }),
      413,
      'inventory-limit-exceeded',
    ],
    ['more than is taken', reportOf([{ ...meminfo, output: 'x'.repeat(9 * MIB) }]), 413, 'too-large'],
  ])('is refused: %s', async (_, body, status, code) => {
    expect(await send(body)).toMatchObject({ status, body: { code } })
    expect(await machines()).toEqual([])
  })

  it('names the tool and its line', async () => {
    const odd = { ...csv([{ uuid: uuid(1), memoryMib: 24_576 }]) }
    const answer = await send(reportOf([{ ...odd, output: odd.output.replace('24576 MiB', 'much') }]))
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'inventory-value-invalid', data: { line: 1, tool: { command: odd.command, line: 2 } } },
    })
    expect(answer.body.detail).toContain('line 2 of nvidia-smi --query-gpu=x --format=csv')
  })
})

it('hands out the script, and says when it is the same', async () => {
  const script = await berth.call('GET', '/collect.sh')
  expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/x-shellscript; charset=utf-8' } })
  expect(script.body).toMatch(/^#!\/bin\/sh\n/)
  const tag = String(script.headers['etag'])
  expect(script.headers['cache-control']).toBe('public, max-age=300')
  expect(await berth.call('GET', '/collect.sh', undefined, { 'if-none-match': tag })).toMatchObject({ status: 304 })
})
