import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { createLogger } from '../src/log.ts'
import { createAddressGuard } from '../src/model/address-guard.ts'
import { createModelReader, type ModelReader } from '../src/model/reader.ts'
import { createMatrixPool } from '../src/matrix/pool.ts'
import { createPackingPool } from '../src/packing/pool.ts'
import { createJudgePool, type PoolOptions } from '../src/plan/judge-pool.ts'
import type { AppRouter } from '../src/router.ts'
import { buildServer, type ServerOptions } from '../src/server.ts'
import { ensureTeam, LOCAL_TEAM } from '../src/team/repository.ts'
import { testDatabase } from './database.ts'

export interface TestOptions extends Partial<ServerOptions> {
  readonly allowHosts?: readonly string[]
  readonly hfEndpoint?: string
  readonly hfToken?: string
  readonly pool?: Partial<PoolOptions>
  /** Instead of reading anything. */
  readonly readModel?: ModelReader
}

/** Any JSON: what is in it is for the test to say. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any

export interface TestServer {
  readonly server: FastifyInstance
  readonly database: Awaited<ReturnType<typeof testDatabase>>
  /** The one folder that models may be read from. */
  readonly modelDir: string
  /** A request as a script sends it; the answer's JSON. */
  readonly call: (
    method: NonNullable<InjectOptions['method']>,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly body: Answer; readonly headers: Record<string, unknown> }>
  readonly close: () => Promise<void>
}

const require = createRequire(import.meta.url)

/** A hub that does not answer: no test asks the real one. */
const NOBODY = 'http://127.0.0.1:9'

/** The whole server on a database of its own, without pages. */
export async function testServer(options: TestOptions = {}): Promise<TestServer> {
  const database = await testDatabase()
  await ensureTeam(database.client, LOCAL_TEAM, 'Local')
  const modelDir = await realpath(await mkdtemp(join(tmpdir(), 'berth-models-')))
  const { allowHosts = [], hfEndpoint = NOBODY, hfToken, ...rest } = options
  const guard = createAddressGuard({ allowHosts, hfEndpoint })
  const readModel = options.readModel ?? createModelReader({ modelDirs: [modelDir], hfEndpoint, hfToken, guard })
  const pool = createJudgePool({ script: join(inject('bundle'), 'plan-worker.mjs'), ...options.pool })
  const matrix = createMatrixPool({ script: join(inject('bundle'), 'matrix-worker.mjs') })
  const packing = createPackingPool({ script: join(inject('bundle'), 'packing-worker.mjs') })
  const server = await buildServer({
    log: createLogger('silent'),
    host: '127.0.0.1',
    publicHosts: [],
    trustProxy: [],
    rateLimit: 0,
    importRateLimit: 0,
    reportRateLimit: 0,
    collectorScript: await readFile(require.resolve('@berth/inventory/collect.sh'), 'utf8'),
    isDraining: () => false,
    services: { database, readModel, ...packing, ...matrix, ...pool },
    ...rest,
  })
  await server.ready()
  return {
    server,
    database,
    modelDir,
    call: async (method, path, body, headers) => {
      const answer = await server.inject({
        method,
        url: path,
        headers: { host: 'localhost', ...headers },
        ...(body === undefined ? {} : { payload: body }),
      })
      return { status: answer.statusCode, body: parsed(answer.body), headers: answer.headers }
    },
    close: async () => {
      await server.close()
      await guard.close()
      await pool.close()
      await packing.close()
      await matrix.close()
      await database.close()
      await rm(modelDir, { recursive: true, force: true })
    },
  }
}

/** The client that the pages use, over a real connection. */
export async function testClient({ server }: TestServer) {
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  return { url, client: createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/trpc` })] }) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
