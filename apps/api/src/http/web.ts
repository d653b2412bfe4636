import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import httpProxy from '@fastify/http-proxy'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify'
import { ApiError } from '../errors.ts'
import { sendProblem } from './errors.ts'

const START_MS = 60_000
const POLL_MS = 50

export interface WebServer {
  /** Its own address, on loopback. */
  readonly url: string
  readonly isUp: () => boolean
  /** Resolves when it listens; rejects when it ends before, or takes too long. */
  readonly ready: Promise<void>
  readonly stop: () => Promise<void>
}

export interface WebChildOptions {
  /** The standalone server that `next build` leaves. */
  readonly script: string
  /** Where this server answers the child. */
  readonly apiUrl: string
  /** What it may know of this process's environment. */
  readonly environment: NodeJS.ProcessEnv
  readonly log: FastifyBaseLogger
  /** A web app that has died is not restarted here: the process ends, and whoever started it starts it again. */
  readonly onExit: (reason: string) => void
}

/** Starts the pages' server on a port of its own that only this machine reaches. */
export async function startWeb({ script, apiUrl, environment, log, onExit }: WebChildOptions): Promise<WebServer> {
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', endWithParent(), script], {
    cwd: dirname(script),
    // A Ctrl-C goes to the whole process group; the web app is stopped by this process, after its last answer.
    detached: process.platform !== 'win32',
    env: {
      ...environment,
      NODE_ENV: 'production',
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      BERTH_API_URL: apiUrl,
      NEXT_TELEMETRY_DISABLED: '1',
      NEXT_MANUAL_SIG_HANDLE: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let up = false
  let stopping = false
  logLines(child, log)
  child.once('exit', (code, signal) => {
    up = false
    if (!stopping) onExit(`the web app ended (${signal ?? `exit code ${code}`})`)
  })
  const ready = untilListening(port, child).then(() => void (up = true))
  // Whoever started it waits for it later; until then a failure is nobody's unhandled rejection.
  ready.catch(() => undefined)
  return {
    ready,
    url: `http://127.0.0.1:${port}`,
    isUp: () => up,
    stop: async () => {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Hands everything that no other route takes to the web app. Upgrades are not: nothing of it needs one. */
export async function proxyToWeb(server: FastifyInstance, url: string): Promise<void> {
  await server.register(httpProxy, {
    upstream: url,
    httpMethods: ['GET', 'HEAD'],
    websocket: false,
    replyOptions: {
      rewriteRequestHeaders: (request, headers) => ({
        ...headers,
        'x-forwarded-host': request.headers.host,
        'x-forwarded-proto': request.protocol,
        'x-request-id': request.id,
      }),
      onError: (reply, { error }) => {
        const problem = new ApiError('web-unavailable', 'The web app does not answer.', { cause: error })
        sendProblem(problem, reply.request, reply as unknown as FastifyReply)
      },
    },
  })
}

/** A module for the child that ends it when this process is gone, however it went. */
const endWithParent = (): string => {
  const watch = `setInterval(() => process.ppid === ${process.pid} || process.exit(1), 1000).unref()`
  return `data:text/javascript,${encodeURIComponent(watch)}`
}

function logLines(child: ChildProcess, log: FastifyBaseLogger): void {
  const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '')
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of lines(text)) log.debug({ from: 'web' }, line)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of lines(text)) log.warn({ from: 'web' }, line)
  })
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS
  while (!(await listens(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('The web app ended before it listened.')
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`The web app did not listen within ${START_MS / 1000} s.`)
    }
    await setTimeout(POLL_MS)
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('No free port was found.')
  return address.port
}
