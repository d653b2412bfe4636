import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { Client } from 'pg'
import type { Database, DatabaseOptions, OpenDatabase } from '../db.ts'
import { PrismaClient } from '../generated/postgresql/client.ts'
import { migrate, type MigrationConnection } from './migrate.ts'
import { DatabaseStartError, startError } from './start-error.ts'

/** The advisory lock that Prisma's CLI takes too: nobody migrates twice at once. */
const MIGRATION_LOCK = 72_707_369
const LOCK_WAIT_MS = 60_000
const CONNECT_TIMEOUT_MS = 10_000
const OLDEST_SERVER = 150_000

/** Opens the pool to the server of `databaseUrl` after applying the migrations. */
export async function openPostgresql(options: DatabaseOptions & { databaseUrl: string }): Promise<OpenDatabase> {
  const { databaseUrl, migrationsDir, poolSize = 10, onIdleError } = options
  try {
    await migratePostgresql(databaseUrl, join(migrationsDir, 'postgresql', 'migrations'))
    const adapter = new PrismaPg(
      { connectionString: databaseUrl, max: poolSize, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
      { onPoolError: (error) => onIdleError?.(error), onConnectionError: (error) => onIdleError?.(error) },
    )
    const client = new PrismaClient({ adapter })
    return {
      kind: 'postgresql',
      client: client as unknown as Database,
      ping: async () => void (await client.$queryRaw`SELECT 1`),
      close: () => client.$disconnect(),
    }
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error
    throw startError(
      `Cannot use the database of DATABASE_URL (${withoutPassword(databaseUrl)}): ${reason(error)}`,
      error,
    )
  }
}

async function migratePostgresql(connectionString: string, folder: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`)
    if (Number(rows[0]?.version) < OLDEST_SERVER) throw startError('PostgreSQL 15 or newer is needed.')
    await client.query(`SET statement_timeout = ${LOCK_WAIT_MS}`)
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query('SET statement_timeout = 0')
    await migrate(migrationConnection(client), folder)
  } finally {
    // Ending the session gives the lock back.
    await client.end()
  }
}

const migrationConnection = (client: Client): MigrationConnection => ({
  applied: async () => {
    await client.query(MIGRATIONS_TABLE)
    const { rows } = await client.query<Readonly<Record<string, string | null>>>(
      'SELECT migration_name, checksum, finished_at, rolled_back_at FROM "_prisma_migrations" ORDER BY started_at',
    )
    return rows.map((row) => ({
      name: String(row['migration_name']),
      checksum: String(row['checksum']),
      finished: row['finished_at'] !== null,
      rolledBack: row['rolled_back_at'] !== null,
    }))
  },
  apply: async (script, { id, checksum, name }) => {
    await client.query('BEGIN')
    try {
      await client.query(script)
      await client.query(
        `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
         VALUES ($1, $2, $3, now(), 1)`,
        [id, checksum, name],
      )
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    }
  },
})

/** As Prisma's schema engine makes it. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'not a URL; percent-encode what is special in the password'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** `pg` reports a refused connection as an AggregateError with an empty message. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(String).join('; ')
  return error instanceof Error ? error.message : String(error)
}
