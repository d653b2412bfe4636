import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { openDatabase } from './db.ts'
import type { Settings } from './env.ts'
import { startWeb, type WebServer } from './http/web.ts'
import { createMatrixPool } from './matrix/pool.ts'
import { createAddressGuard } from './model/address-guard.ts'
import { createModelReader } from './model/reader.ts'
import { createPackingPool } from './packing/pool.ts'
import { createJudgePool } from './plan/judge-pool.ts'
import { buildServer } from './server.ts'
import { seed } from './seed/scenarios.ts'
import { ensureTeam, LOCAL_TEAM } from './team/repository.ts'

export interface StartOptions {
  readonly settings: Settings
  readonly log: FastifyBaseLogger
  readonly migrationsDir: string
  /** The bundle of the threads that judge machines. */
  readonly planWorker: string
  /** And of those that pack. */
  readonly packingWorker: string
  /** And of those that survey the fleet. */
  readonly matrixWorker: string
  /** What machines run to report themselves. */
  readonly collectorScript: string
  /** The standalone web server, if it was built. */
  readonly webScript: string | undefined
  readonly childEnvironment: NodeJS.ProcessEnv
  readonly onWebExit: (reason: string) => void
}

export interface Running {
  readonly port: number
  /** Says no at /readyz, lets what is under way finish, and lets go of everything. */
  readonly stop: () => Promise<void>
}

/** A start that failed for a reason its user can mend; one line is enough. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** Opens the database, starts the web app and listens. What was opened is closed again when a later step fails. */
export async function start(options: StartOptions): Promise<Running> {
  const { settings, log } = options
  const undo: (() => Promise<unknown>)[] = []
  let draining = false
  const stopAll = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    await assertPortFree(settings)
    const web = await webOf(options)
    if (web !== undefined) undo.push(web.stop)
    const database = await openDatabase({
      databaseUrl: settings.databaseUrl,
      dataDir: settings.dataDir,
      migrationsDir: options.migrationsDir,
      poolSize: settings.databasePool,
      onIdleError: (error) => log.warn({ err: error }, 'a database connection failed'),
    })
    undo.push(database.close)
    await ensureTeam(database.client, LOCAL_TEAM, 'Local')
    const guard = createAddressGuard(settings)
    undo.push(guard.close)
    const pool = createJudgePool({ script: options.planWorker })
    undo.push(pool.close)
    const packing = createPackingPool({ script: options.packingWorker })
    undo.push(packing.close)
    const matrix = createMatrixPool({ script: options.matrixWorker })
    undo.push(matrix.close)
    const services = { database, readModel: createModelReader({ ...settings, guard }), ...packing, ...matrix, ...pool }
    if (settings.seed !== undefined) await seed({ services, teamId: LOCAL_TEAM }, settings.seed)
    const server = await buildServer({
      ...settings,
      log,
      services,
      collectorScript: options.collectorScript,
      web: web && { ...web, development: settings.webUrl !== undefined },
      isDraining: () => draining,
    })
    undo.push(() => server.close())
    await server.listen({ port: settings.port, host: settings.host }).catch((error: unknown) => {
      throw listenError(error, settings)
    })
    await web?.ready
    const address = server.server.address()
    return {
      port: typeof address === 'object' && address !== null ? address.port : settings.port,
      stop: async () => {
        draining = true
        await setTimeout(settings.drainSeconds * 1000)
        await stopAll()
      },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** Asked before anything else is started, so that a second start fails at once and leaves the first alone. */
async function assertPortFree(settings: Settings): Promise<void> {
  const probe = createServer()
  try {
    probe.listen(settings.port, settings.host)
    await once(probe, 'listening')
  } catch (error) {
    throw listenError(error, settings)
  } finally {
    probe.close()
  }
}

function listenError(error: unknown, { host, port }: Settings): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return new StartError(`Port ${port} is taken: set PORT to another, or stop what listens.`)
  if (code === 'EACCES') return new StartError(`Port ${port} may not be listened on: set PORT to one above 1023.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`HOST ${host} is not an address of this machine.`)
  }
  return error
}

async function webOf(options: StartOptions): Promise<Pick<WebServer, 'url' | 'isUp' | 'stop' | 'ready'> | undefined> {
  const { settings, log, webScript, childEnvironment, onWebExit } = options
  if (settings.webUrl !== undefined) {
    return { url: settings.webUrl, isUp: () => true, ready: Promise.resolve(), stop: async () => undefined }
  }
  if (webScript === undefined) return undefined
  const host = /^(?:0\.0\.0\.0|::|\[::\])$/.test(settings.host) ? '127.0.0.1' : settings.host
  const apiUrl = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${settings.port}`
  return startWeb({ script: webScript, apiUrl, environment: childEnvironment, log, onExit: onWebExit })
}
