import type { FastifyInstance } from 'fastify'
import type { OpenDatabase } from '../db.ts'
import { ApiError } from '../errors.ts'
import { VERSION } from '../version.ts'
import type { WebServer } from './web.ts'

const PING_MS = 2000

export interface Health {
  readonly database: OpenDatabase
  /** Absent when the server serves the API alone. */
  readonly web: () => Pick<WebServer, 'isUp'> | undefined
  readonly isDraining: () => boolean
}

/** `/healthz`: the process answers. `/readyz`: it can do its work; migrations are behind it once it listens. */
export function healthRoutes(server: FastifyInstance, { database, web, isDraining }: Health): void {
  server.get('/healthz', async () => ({ status: 'ok', version: VERSION }))
  server.get('/readyz', async () => {
    if (isDraining()) throw new ApiError('not-ready', 'The server is stopping.', { retryAfterSeconds: 5 })
    if (web()?.isUp() === false) throw new ApiError('not-ready', 'The web app is not up.', { retryAfterSeconds: 1 })
    await withinTime(database.ping())
    return { status: 'ready', version: VERSION, database: database.kind }
  })
  server.get('/api/v1/version', async () => ({ version: VERSION, node: process.version, database: database.kind }))
}

async function withinTime(ping: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PING_MS} ms`)), PING_MS)
  })
  try {
    await Promise.race([ping, late])
  } catch (cause) {
    throw new ApiError('not-ready', 'The database does not answer.', { cause, retryAfterSeconds: 1 })
  } finally {
    clearTimeout(timer)
  }
}
