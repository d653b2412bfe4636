import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { DatabaseOptions } from '../../src/db.ts'

/** One server process on a database that it shares with others. */
export interface ServerProcess {
  readonly url: string
  /** Ended by SIGKILL, in whatever it was doing, and started again on the same port. */
  readonly killAndRestart: () => Promise<void>
  readonly stop: () => Promise<void>
}

export interface ServerOptions extends Pick<DatabaseOptions, 'dataDir' | 'databaseUrl'> {
  readonly bundle: string
  readonly port: number
}

/** Starts the server as it is built, without pages, and waits until it answers. */
export async function startServer({ bundle, port, dataDir, databaseUrl }: ServerOptions): Promise<ServerProcess> {
  const { PATH, HOME } = process.env
  const env = {
    ...{ NODE_ENV: 'production' as const, PATH, HOME, PORT: String(port), BERTH_DATA_DIR: dataDir, LOG_LEVEL: 'fatal' },
    BERTH_RATE_LIMIT: '0',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  const url = `http://127.0.0.1:${port}`
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(bundle, 'main.mjs')], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text))
    if (!(await isReady(url, child))) throw new Error(`${url} does not get ready: ${said}`)
    return child
  }
  let child = await begin()
  const end = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return {
    url,
    killAndRestart: async () => {
      await end()
      child = await begin()
    },
    stop: end,
  }
}

/** All are held until the last is found, so that none is found twice. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map((probe) => once(probe, 'listening')))
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port)
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')))
  return ports
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok === true) return true
    await setTimeout(50)
  }
  return false
}
