import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { twoGpus } from '../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../test/server.ts'
import { openApiDocument } from './openapi.ts'
import { operations } from './operations.ts'

let berth: TestServer
let machineId: string
beforeAll(async () => {
  berth = await testServer()
  const { body } = await berth.call('POST', '/api/v1/machines/import', { text: twoGpus(1, 'target') })
  machineId = body.machines[0].machine.id
})
afterAll(() => berth.close())

const odd = fc.oneof(
  fc.constantFrom('', '\u0000', '\uD800', '__proto__', 'constructor', '../..', '%00', '9'.repeat(400), '\u202E'),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(2 ** 53, -1, 1e308, null, true, [], {}),
  fc.jsonValue({ maxDepth: 4 }),
)

/** An object of the operation's own fields, some of them right, some of them odd, some left out. */
const fieldNames = [
  'text',
  'hostName',
  'name',
  'id',
  'address',
  'token',
  'model',
  'engine',
  'request',
  'machineIds',
  'machineId',
  'files',
  'edits',
  'mayRelyOnHost',
  'ids',
  'filter',
  'expectedCount',
  'site',
  'addLabels',
  'removeLabels',
  'list',
  'query',
  'set',
  'remove',
  'reason',
  'message',
  'what',
  'owner',
  'purpose',
  'startsAt',
  'endsAt',
  'memory',
  'reservations',
  'machineId',
  'revision',
  'inventoryIndex',
]
const right: Readonly<Record<string, readonly unknown[]>> = {
  text: [twoGpus(2, 'other'), 'host: x\n', '<?xml version="1.0"?><nvidia_smi_log>', '{"berth":"machine","version":1}'],
  name: ['fine'],
  address: ['hf:org/repo/x.gguf', '/etc/passwd', 'http://127.0.0.1/', 'org/repo:Q4_K_M', 'org/repo@4.0bpw'],
  model: [
    { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' },
    { kind: 'stored', id: 'x' },
  ],
  engine: ['llama.cpp', 'exllamav2', 'tabbyapi'],
  request: [
    {},
    { contextLength: 4096 },
    { contextLength: 2 ** 31 - 1, parallel: 256, ubatchSize: 2 ** 20 },
    { margin: 0 },
    { exl2Cache: 'Q4' },
  ],
  machineIds: [[], ['x']],
  files: [
    {},
    { stored: true },
    { mixes: ['Q9_Z'] },
    { models: [{ kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }] },
  ],
  edits: [
    [{ kind: 'add-host-memory', added: 2 ** 30 }],
    [{ kind: 'add-cards', card: { kind: 'catalogue', gpu: '__proto__' }, count: 1 }],
    [{ kind: 'replace-cards', card: { kind: 'device', device: 'x' } }],
  ],
  ids: [[], ['x']],
  filter: [{}, { site: ['x'] }, { label: ['a=b'] }],
  expectedCount: [0, 1],
  site: ['here', null],
  addLabels: [{ rack: 'a' }, JSON.parse('{"__proto__": "x"}')],
  removeLabels: [['rack']],
  list: ['machines'],
  query: ['site=x', 'a=%zz&=&&'],
  set: [[{ figure: 'cpuCores', value: 8 }], [{ deviceId: 'x', figure: 'memory.reported', value: -1 }]],
  remove: [[{ figure: 'hostMemoryTotal' }], []],
  reason: ['counted'],
  message: ['because'],
  what: [
    { kind: 'memory', machineId: 'x', memory: [{ place: { kind: 'host' }, bytes: 1 }] },
    { kind: 'plan', planId: 'x' },
  ],
  owner: ['nlp'],
  purpose: ['chat'],
  startsAt: ['2030-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'],
  endsAt: [null, '2031-01-01T00:00:00Z'],
  memory: [[{ place: { kind: 'host' }, bytes: 1 }]],
  reservations: [[], [{ purpose: 'chat', owner: 'nlp', what: { kind: 'plan', planId: 'x' } }]],
  machineId: ['x'],
  revision: [1, 2],
  inventoryIndex: ['1.0'],
}
const body = fc.dictionary(fc.constantFrom(...fieldNames), fc.nat(), { noNullPrototype: true }).chain((chosen) =>
  fc.record(
    Object.fromEntries(
      Object.keys(chosen).map((key) => {
        const good = right[key]
        return [key, good === undefined ? odd : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...good) }, odd)]
      }),
    ),
  ),
)

const document = openApiDocument() as Answer

it('no input makes any operation fail, and every answer is one that is documented', async () => {
  const parameter = fc.constantFrom(
    'limit',
    'cursor',
    'text',
    'site',
    'label',
    'state',
    'gpuCount',
    'freeMin',
    'sort',
    'list',
    'from',
    'to',
    'machineIds',
  )
  const cases = fc.tuple(
    fc.constantFrom(...operations),
    fc.constantFrom('x', machineId, '%2e%2e'),
    body,
    odd,
    parameter,
  )
  await fc.assert(
    fc.asyncProperty(cases, async ([{ method, path, status: success }, id, input, query, asks]) => {
      const url = `/api/v1${path}`.replace('{id}', id).replace('{deviceId}', encodeURIComponent(wellFormed(query)))
      const hasBody = method !== 'GET' && method !== 'DELETE'
      const asked = hasBody ? url : `${url}?cursor=x&${asks}=${encodeURIComponent(wellFormed(query))}`
      const { status, body: answer, headers } = await berth.call(method, asked, hasBody ? input : undefined)
      expect({ asked, input, status, answer }).toSatisfy(() => status !== 500 && answer.code !== 'internal')
      if (status < 300) expect(status).toBe(success)
      else expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
      if (status >= 300) expect(document.components.schemas.Problem.properties.code.enum).toContain(answer.code)
      expect(Object.keys(document.paths[path][method.toLowerCase()].responses)).toContain(
        status < 300 ? String(status) : 'default',
      )
    }),
    { numRuns: 400 },
  )
  // Whatever was asked, the server is as it was.
  expect((await berth.call('GET', '/readyz')).status).toBe(200)
})

const wellFormed = (value: unknown): string =>
  ((JSON.stringify(value) as string | undefined) ?? '').slice(0, 300).replaceAll(/\p{Cs}/gu, '')
