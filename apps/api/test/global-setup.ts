import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startPostgresql } from '../scripts/postgresql.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that tests may make databases on; undefined when the suites run on SQLite. */
    readonly postgresqlUrl: string | undefined
    /** Marks the databases of this run, so that they can be dropped after it. */
    readonly runId: string
    /** Holds the server as it is built. */
    readonly bundle: string
  }
}

const root = fileURLToPath(new URL('..', import.meta.url))
/** Below node_modules, where the bundle finds its packages and nobody else looks. */
const bundle = join(root, 'node_modules', '.cache', 'berth-test')

/** Builds the server, and starts one PostgreSQL for all suites, or takes the one of TEST_DATABASE_URL. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runId = randomUUID().slice(0, 8)
  project.provide('runId', runId)
  project.provide('bundle', bundle)
  execFileSync(process.execPath, [join(root, 'build.mjs'), bundle])
  if (process.env['BERTH_TEST_DB'] !== 'postgresql') {
    project.provide('postgresqlUrl', undefined)
    return async () => {}
  }
  const given = process.env['TEST_DATABASE_URL']
  if (given !== undefined) {
    project.provide('postgresqlUrl', given)
    return () => dropDatabases(given, runId)
  }
  const server = await startPostgresql()
  project.provide('postgresqlUrl', server.url())
  return server.stop
}

async function dropDatabases(url: string, runId: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `berth_${runId}_%`,
  ])
  for (const { datname } of rows) await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)} WITH (FORCE)`)
  await client.end()
}
