import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { emptyDatabase } from '../test/database.ts'
import { twoGpus } from '../test/inventory-text.ts'
import type { Answer } from '../test/server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = inject('bundle')
const webServer = join(root, 'test', 'fake-web.mjs')

interface Started {
  readonly child: ChildProcess
  readonly url: string
  /** The pages' process, when there is one. */
  readonly webPid: () => Promise<number>
  readonly output: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

type Environment = Readonly<Record<string, string>>

const running = new Set<ChildProcess>()
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** As `npm start` does it, on a database of its own unless one is given. */
async function run(given: Environment = {}): Promise<Started> {
  const { remove, dataDir, databaseUrl } = await emptyDatabase()
  cleanups.push(remove)
  const port = given['PORT'] ?? String(await freePort())
  const pidFile = join(dataDir, 'web.pid')
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [join(folder, 'main.mjs')], {
    env: {
      ...{
        NODE_ENV: 'production',
        PATH,
        HOME,
        PORT: port,
        BERTH_DATA_DIR: dataDir,
        BERTH_WEB_SERVER: webServer,
        LOG_LEVEL: 'info',
      },
      ...{ FAKE_WEB_PID_FILE: pidFile, HF_TOKEN: 'hf_very_secret' },
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...given,
    },
  })
  running.add(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (output += text))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }))
  void ended.then(() => running.delete(child))
  const webPid = async () => Number(await readFile(pidFile, 'utf8'))
  return { child, url: `http://127.0.0.1:${port}`, webPid, output: () => output, ended }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilReady({ url, child, output }: Started): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok === true) return
    if (child.exitCode !== null) break
    await setTimeout(50)
  }
  throw new Error(`not ready: ${output()}`)
}

const ask = async (url: string, init?: RequestInit): Promise<Answer> => (await fetch(url, init)).json()

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await setTimeout(50)
  return !isAlive(pid)
}

describe('the process', () => {
  it('serves the API itself and hands every other path to the web app behind it', async () => {
    const berth = await run()
    await untilReady(berth)
    expect(await ask(`${berth.url}/api/v1/machines`)).toEqual({ items: [], nextCursor: null })
    const page = await fetch(`${berth.url}/machines?sort=name`, { headers: { 'x-request-id': 'mine' } })
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const seen: Answer = await page.json()
    expect(seen).toMatchObject({
      path: '/machines?sort=name',
      headers: { 'x-request-id': 'mine', 'x-forwarded-host': new URL(berth.url).host },
      environment: { BERTH_API_URL: berth.url, HOSTNAME: '127.0.0.1', NEXT_MANUAL_SIG_HANDLE: 'true' },
    })
    expect(JSON.stringify(seen.environment)).not.toContain('hf_very_secret')
    expect(Object.keys(seen.environment as object)).not.toContain('DATABASE_URL')
  })

  it('hands no upgrade and no change on', async () => {
    const berth = await run()
    await untilReady(berth)
    expect(await ask(`${berth.url}/page`, { method: 'POST' })).toMatchObject({ status: 404, code: 'not-found' })
    const socket = (await import('node:net')).connect(Number(new URL(berth.url).port), '127.0.0.1')
    socket.write('GET /page HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect(data.toString()).not.toMatch(/^HTTP\/1\.1 101/)
    socket.destroy()
  })

  it('on SIGTERM finishes what is under way, ends the web app, and exits 0 with everything saved', async () => {
    const { remove, dataDir, databaseUrl } = await emptyDatabase()
    cleanups.push(remove)
    const where = { BERTH_DATA_DIR: dataDir, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) }
    const berth = await run(where)
    await untilReady(berth)
    await ask(`${berth.url}/api/v1/machines/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: twoGpus(1, 'kept') }),
    })
    const pid = await berth.webPid()
    const slow = ask(`${berth.url}/slow`)
    await setTimeout(300)
    berth.child.kill('SIGTERM')
    expect(await slow).toMatchObject({ path: '/slow' })
    const answered = Date.now()
    expect(await berth.ended).toEqual({ code: 0, signal: null })
    // The client keeps its connection for seconds: the stop does not wait for it.
    expect(Date.now() - answered).toBeLessThan(2000)
    expect(await untilGone(pid)).toBe(true)
    await expect(fetch(berth.url)).rejects.toThrow('fetch failed')

    const again = await run(where)
    await untilReady(again)
    expect((await ask(`${again.url}/api/v1/machines`)).items).toMatchObject([{ name: 'kept' }])
  })

  it('says no at /readyz while it drains, and still answers', async () => {
    const berth = await run({ BERTH_DRAIN_SECONDS: '1' })
    await untilReady(berth)
    berth.child.kill('SIGINT')
    await setTimeout(300)
    expect((await fetch(`${berth.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${berth.url}/api/v1/machines`)).status).toBe(200)
    expect((await berth.ended).code).toBe(0)
  })

  it('ends when the web app does', async () => {
    const berth = await run()
    await untilReady(berth)
    await fetch(`${berth.url}/crash`).catch(() => undefined)
    expect((await berth.ended).code).toBe(1)
    expect(berth.output()).toContain('the web app ended (exit code 3)')
  })

  it('takes the web app with it even when it is killed', async () => {
    const berth = await run()
    await untilReady(berth)
    const pid = await berth.webPid()
    expect(isAlive(pid)).toBe(true)
    berth.child.kill('SIGKILL')
    expect(await untilGone(pid)).toBe(true)
  })

  it('logs one JSON object a line, without secrets', async () => {
    const berth = await run()
    await untilReady(berth)
    await fetch(`${berth.url}/api/v1/machines?cursor=abc`, { headers: { authorization: 'Bearer hf_in_header' } })
    await ask(`${berth.url}/api/v1/models/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address: 'https://example.com/x.gguf', token: 'hf_in_body' }),
    })
    berth.child.kill('SIGTERM')
    await berth.ended
    const lines = berth
      .output()
      .trim()
      .split('\n')
      .map((line): Answer => JSON.parse(line))
    expect(lines.every(({ level, time, msg }) => level && time && msg)).toBe(true)
    expect(lines.some(({ req }) => req?.path === '/api/v1/machines')).toBe(true)
    expect(berth.output()).not.toMatch(/hf_/)
  })
})

describe('a start that cannot be', () => {
  const failure = async (environment: Environment) => {
    const berth = await run(environment)
    const { code } = await berth.ended
    return {
      code,
      output: berth
        .output()
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('{')),
    }
  }

  it('says that the port is taken, and leaves the first alone', async () => {
    const first = await run()
    await untilReady(first)
    const port = new URL(first.url).port
    expect(await failure({ PORT: port })).toEqual({
      code: 1,
      output: [`berth: Port ${port} is taken: set PORT to another, or stop what listens.`],
    })
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
  })

  it.each([
    ['PORT', 'eighty', 'PORT must be a number'],
    ['HOST', '203.0.113.7', 'HOST 203.0.113.7 is not an address of this machine'],
    ['DATABASE_URL', 'mysql://root:pw@db/x', 'DATABASE_URL must begin with postgresql://'],
    [
      'DATABASE_URL',
      'postgresql://berth:pw@127.0.0.1:1/x',
      'Cannot use the database of DATABASE_URL (postgresql://127.0.0.1:1/x)',
    ],
    ['BERTH_ALLOW_HOSTS', 'http://mirror', 'BERTH_ALLOW_HOSTS must be host or host:port'],
    ['BERTH_WEB_SERVER', '/nowhere/server.js', 'BERTH_WEB_SERVER names no file: /nowhere/server.js'],
    ['HF_ENDPOINT', 'huggingface', 'HF_ENDPOINT must be an http or https URL'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL'],
  ])('says in one line what is wrong with %s=%s', async (name, value, expected) => {
    const { code, output } = await failure({ [name]: value })
    expect(code).toBe(1)
    expect(output).toHaveLength(1)
    expect(output[0]).toContain(expected)
    expect(output[0]).not.toContain('pw')
  })
})
