import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { berth } from './berth.ts'

const GIB = 1024 ** 3

const machine = (name: string, used?: number) => ({
  id: name,
  name,
  site: 'Berlin\u001B[31m',
  owner: null,
  labels: {},
  maintenance: used === undefined ? { since: '2026-05-01T10:00:00Z', note: null } : null,
  sample: false,
  readAt: null,
  missingDevices: [],
  devices: [0, 1].map(() => ({
    ...{ name: 'NVIDIA GeForce RTX 3090', memoryTotal: 24 * GIB, memory: {} },
    ...(used !== undefined && { memoryUsed: used * GIB }),
  })),
})

let server: Server
let url: string
let asked: URL[] = []
let bodies: unknown[] = []
let answer: (request: URL, response: ServerResponse) => void

async function reply(request: IncomingMessage, address: URL, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  if (body !== '') bodies.push(JSON.parse(body))
  answer(address, response)
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const address = new URL(request.url ?? '/', 'http://localhost')
    asked.push(address)
    void reply(request, address, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  asked = []
  bodies = []
  answer = (_, response) => json(response, { items: [machine('lab-1', 4), machine('lab-2')], nextCursor: null })
})

describe('berth machines', () => {
  it('lists what a server has, and asks it what the options say', async () => {
    const { code, stdout } = await berth([
      ...['machines', '--url', `${url}/berth/`, '--text', 'a100', '--site', 'Berlin', '--site', '', '--gpus', '8'],
      ...['--label', 'rack=a', '--label', '!old', '--free', '40', '--free-on-one', '23.5', '--sort', '-free'],
    ])
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'name   GPUs                            memory       free  site         team',
        'lab-1  2 × NVIDIA GeForce RTX 3090  48.00 GiB  40.00 GiB  Berlin [31m',
        'lab-2  2 × NVIDIA GeForce RTX 3090  48.00 GiB    unknown  Berlin [31m        in maintenance',
        '',
      ].join('\n'),
    )
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/berth/api/v1/machines'])
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({ text: 'a100', gpuCount: '8', sort: '-free' })
    expect(asked[0]!.searchParams.getAll('site')).toEqual(['Berlin', ''])
    expect(asked[0]!.searchParams.getAll('label')).toEqual(['rack=a', '!old'])
    expect(asked[0]!.searchParams.get('freeMin')).toBe(String(40 * GIB))
    expect(asked[0]!.searchParams.get('freeOnOneMin')).toBe(String(23.5 * GIB))
  })

  it('goes on to the last page, and prints what the API says', async () => {
    answer = ({ searchParams }, response) => {
      const at = Number(searchParams.get('cursor') ?? 0)
      json(response, { items: [machine(`lab-${at}`, 1)], nextCursor: at < 2 ? String(at + 1) : null })
    }
    const { code, stdout } = await berth(['machines', '--json'], { env: { BERTH_URL: url } })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([machine('lab-0', 1), machine('lab-1', 1), machine('lab-2', 1)])
  })

  it('ends with 2 where no machine matches', async () => {
    answer = (_, response) => json(response, { items: [], nextCursor: null })
    expect(await berth(['machines', '--url', url])).toEqual({ code: 2, stdout: '', stderr: 'No machine matches.\n' })
    expect(await berth(['machines', '--url', url, '--json'])).toEqual({ code: 2, stdout: '[]\n', stderr: '' })
  })
})

describe('berth export', () => {
  it('prints the file as the server gives it', async () => {
    answer = (_, response) => response.end('machine.name\r\nlab-1\r\n')
    const { code, stdout } = await berth(['export', '--url', url, '--format', 'csv', '--owner', 'vision'])
    expect([code, stdout]).toEqual([0, 'machine.name\r\nlab-1\r\n'])
    expect(asked.map(({ pathname, search }) => pathname + search)).toEqual([
      '/api/v1/machines/export?owner=vision&format=csv',
    ])
  })
})

describe('what goes wrong is one line, and code 1', () => {
  it.each([
    [['machines'], /--url is missing: name the server, or set BERTH_URL/],
    [['machines', '--url', 'ftp://x'], /ftp:\/\/x is no http or https address/],
    [['machines', '--url', 'http://127.0.0.1:1'], /http:\/\/127\.0\.0\.1:1 does not answer: /],
    [['machines', '--url', 'http://x', '--label', 'a b'], /selector as in Kubernetes/],
    [['machines', '--url', 'http://x', '--free', 'much'], /number of GiB/],
    [['export', '--url', 'http://x', '--format', 'xlsx'], /csv, json/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await berth(args)
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1])
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toMatch(message)
  })

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'what the API says',
      (response) => json(response, { code: 'invalid-input', detail: 'sort: is\u001B[2J no sort' }, 400),
      /^error: sort: is \[2J no sort\n$/,
    ],
    ['another server', (response) => response.writeHead(404).end('<html>'), /answers 404 and not as Berth does/],
    ['a page that is none', (response) => response.end('<html>'), /answers, and not as Berth does/],
    ['a redirect', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /does not answer/],
    ['a broken connection', (response) => void response.destroy(), /does not answer/],
  ])('%s', async (_, respond, message) => {
    answer = (__, response) => respond(response)
    const { code, stdout, stderr } = await berth(['machines', '--url', url])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(message)
  })
})

describe('berth import to a server', () => {
  const previewed = (change: string) => ({
    machines: [
      { machine: { name: 'lab-1' }, change, differences: [{ path: 'GPU 0 name', before: 'A\u001B', after: null }] },
    ],
    warnings: [{ code: 'x', line: 1, message: 'Line 9 was passed over' }],
  })
  const text = 'anything that the server reads'
  const asksFor = (change: string, body = previewed(change)) => {
    answer = (_, response) => json(response, body)
  }
  const send = (...options: readonly string[]) =>
    berth(['import', '-', '--url', url, '--name', 'lab-1', ...options], { input: text })

  it('shows what would change, and saves nothing unless it is told to', async () => {
    asksFor('changed')
    const { code, stdout, stderr } = await send()
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'changed    lab-1\n  GPU 0 name: A  → –\n',
      stderr: 'warning: Line 9 was passed over\nNothing was saved: add --save.\n',
    })
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/v1/machines/import/preview'])
  })

  it('saves what it showed, with the reason', async () => {
    asksFor('new')
    const { code, stderr } = await send('--save', '--message', 'new rack')
    expect([code, stderr.split('\n')[1]]).toEqual([0, 'Saved one machine.'])
    expect(asked.map(({ pathname }) => pathname)).toEqual([
      '/api/v1/machines/import/preview',
      '/api/v1/machines/import',
    ])
    expect(bodies).toEqual([
      { text, hostName: 'lab-1' },
      { text, hostName: 'lab-1', message: 'new rack' },
    ])
  })

  it.each([
    ['another machine of the name', previewed('name-taken'), /^error: import: other machines are called lab-1: give/m],
    ['an answer that is none', [], /^error: --url: the server answers, and not as Berth does$/m],
  ])('saves nothing at %s', async (_, body, message) => {
    asksFor('', body as never)
    const { code, stderr } = await send('--save')
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(asked).toHaveLength(1)
  })

  it('needs a server to save to', async () => {
    const { code, stderr } = await berth(['import', '-', '--save'], { input: text })
    expect([code, stderr]).toEqual([1, 'error: --url is missing: name the server, or set BERTH_URL\n'])
  })
})
